import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ByteWriter } from '../shared/byte-writer.ts'
import { SampleWriter } from './sample-writer.ts'
import { sampleEvent } from './series-events.ts'
import { toSeriesTime } from './series-times.ts'

const json = fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => JSON.stringify(text))
const head = fc.record({
  name: json,
  behind: json.map((text) => `,"tags":{"a":${text}},"timestamp":"`),
  isPlain: fc.constant(true),
})
const sample = fc.record({
  value: fc.oneof(
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.integer(),
    fc.constantFrom(0, -0, 1e21, 2 ** 31),
  ),
  special: fc.constantFrom(undefined, undefined, 'stale' as const, 'NaN' as const),
  timestampMs: fc.nat({ max: 2 ** 41 }),
})

it('samples that are written are those that are put together as text, whatever stands before them', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(head, fc.array(sample, { maxLength: 4 })), { maxLength: 4 }), (series) => {
      const out = new ByteWriter(Buffer.alloc(8))
      const writer = new SampleWriter(out)
      for (const [shared, samples] of series) {
        for (const one of samples) {
          const time = toSeriesTime(one.timestampMs)
          const from = writer.write(shared, one, time)
          expect(out.bytes.toString('utf8', from, out.at)).toBe(sampleEvent(shared, one, time, []))
        }
      }
    }),
    { seed: 1 },
  )
})
