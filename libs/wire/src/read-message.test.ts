import { fromBinary, toBinary, type Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { messageOf } from '../test/message-of.ts'
import { READERS } from './generated/opentelemetry/readers.ts'
import { readMessage } from './read-message.ts'
import { writeReaders } from './write-readers.ts'

const MAX_DEPTH = 8
const OPTIONS = { readUnknownFields: false, recursionLimit: MAX_DEPTH }

type Schema = GenMessage<Message>
const SCHEMAS: readonly Schema[] = [...READERS.keys()]

/** What became of the bytes: a message, or that they were refused. */
function outcome(read: () => Message): Message | 'refused' {
  try {
    return read()
  } catch {
    return 'refused'
  }
}

function expectSame(schema: Schema, bytes: Uint8Array): Message | 'refused' {
  const own = outcome(() => readMessage(schema, bytes, MAX_DEPTH))
  expect(own).toEqual(outcome(() => fromBinary(schema, bytes, OPTIONS)))
  return own
}

/** Bytes with some of them replaced, taken out or put in. */
function mutate(bytes: Uint8Array, changes: readonly (readonly [number, number, number])[]): Uint8Array {
  const list = [...bytes]
  for (const [at, remove, byte] of changes) list.splice(at % (list.length + 1), remove, byte)
  return Uint8Array.from(list)
}

const byte = fc.integer({ min: 0, max: 255 })
const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 2 }), byte), { minLength: 1, maxLength: 4 })

describe.each(SCHEMAS.map((schema) => [schema.typeName, schema] as const))(
  'readMessage of %s',
  (_, schema) => {
    const message = messageOf(schema, 4)

    it('reads what the library reads', () => {
      fc.assert(
        fc.property(message, (sent) => {
          expect(expectSame(schema, toBinary(schema, sent))).not.toBe('refused')
        }),
        { seed: 1 },
      )
    })

    it('reads and refuses damaged bytes as the library does', () => {
      fc.assert(
        fc.property(message, changes, (sent, damage) => {
          expectSame(schema, mutate(toBinary(schema, sent), damage))
        }),
        { seed: 1 },
      )
    })

    it('merges two messages of the same bytes as the library does', () => {
      fc.assert(
        fc.property(message, message, (one, other) => {
          expectSame(schema, Uint8Array.from([...toBinary(schema, one), ...toBinary(schema, other)]))
        }),
        { seed: 1 },
      )
    })
  },
)

it('there is a reader for every message of the three requests', () => {
  const names = SCHEMAS.map(({ typeName }) => typeName.slice('opentelemetry.proto.'.length))
  expect(names).toContain('collector.logs.v1.ExportLogsServiceRequest')
  expect(names).toContain('collector.metrics.v1.ExportMetricsServiceRequest')
  expect(names).toContain('collector.trace.v1.ExportTraceServiceRequest')
  const inside = SCHEMAS.flatMap(({ fields }) => fields.flatMap(({ message }) => message ?? []))
  expect(inside.filter((message) => !READERS.has(message as Schema))).toEqual([])
})

it('the readers are those of the messages that are there', () => {
  const file = new URL('generated/opentelemetry/readers.ts', import.meta.url)
  expect(readFileSync(file, 'utf8')).toBe(writeReaders())
})
