import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { mapToKind } from './map-cloud-event.ts'
import { readBinary } from './read-binary.ts'
import { readStructured } from './read-structured.ts'

const LIMITS = { eventLimitBytes: 100_000 }

/** As senders have to: all but printable ASCII, and what has a meaning in headers. */
const encode = (text: string) =>
  [...Buffer.from(text)]
    .map((byte) =>
      byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).padStart(2, '0')}`,
    )
    .join('')

it('an event is the same text in the binary and in the structured mode, whatever it holds', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 })
  const extensions = fc.dictionary(fc.stringMatching(/^x[a-z0-9]{0,10}$/), text)
  const required = fc.record({ specversion: fc.constant('1.0'), id: text, source: text, type: text })
  const data = fc.jsonValue().filter((value) => value !== null)
  fc.assert(
    fc.property(required, extensions, data, (attributes, more, value) => {
      const named = { ...attributes, ...more }
      const headers = Object.entries(named).map(([name, one]) => [`ce-${name}`, encode(one)] as const)
      const type = { 'content-type': 'application/json; charset=utf-8' }
      const body = JSON.stringify(value)
      const binary = readBinary({ ...Object.fromEntries(headers), ...type }, Buffer.from(body), LIMITS)
      const structured = readStructured({ ...named, data: JSON.parse(body) as never })
      const [one, other] = [binary, structured].map((event) => mapToKind('logs', event))
      expect(JSON.stringify(one)).toBe(JSON.stringify(other))
    }),
    { seed: 1, numRuns: 500 },
  )
})
