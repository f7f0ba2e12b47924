import { createEventIds, HEADERS, KINDS } from '@runnel/contracts'
import { encodeEnvelope } from '@runnel/messaging'
import { promoteBatch, readMessage, type promoteLog } from '@runnel/consumer/parsers'
import { admit, textsOf, type Admission } from '@runnel/ingest-api/parsers'
import fc from 'fast-check'
import { ensure, ensureDocumented } from '../ensure.ts'
import { anyJsonText } from '../inputs/json-text.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { mutatedText } from '../inputs/mutate.ts'
import { defineTarget } from '../target.ts'
import { exhaust, PROMOTE } from './broker.ts'
import { READ } from './read-options.ts'
import { toMessage } from './raw-message.ts'

interface Posted {
  readonly kind: (typeof KINDS)[number]
  readonly text: string
  readonly key: string | undefined
}

const nextId = createEventIds()
const EVENT_BYTES = 512 * 1024

const value = fc.oneof(
  fc.constantFrom(
    '1',
    '777',
    '0',
    '-1',
    '"SKU-1"',
    '"pen"',
    'null',
    'true',
    '{}',
    '[]',
    '1.5',
    '1e400',
    '""',
  ),
  hostileText(8).map((text) => JSON.stringify(text)),
)

/** Names that one of the two might read and the other not. */
const NAMES = {
  products: ['id', 'name', 'price', 'manufacturer', 'version', 'ID', 'Name', 'Price', 'Manufacturer', 'Id'],
  metrics: ['data', 'value', 'name', 'unit', 'tags', 'timestamp', 'Data', 'Value'],
  logs: ['level', 'message', 'service', 'timestamp', 'attributes', 'Level', 'msg', 'time', 'severity'],
  traces: [
    'traceId',
    'spanId',
    'parentSpanId',
    'name',
    'service',
    'kind',
    'status',
    'startTime',
    'endTime',
    'events',
  ],
} as const

/** What a kind has to have, so that most of the rest is what decides. */
const HEADS = {
  products: '"name":"pen","price":1',
  metrics: '"data":{"value":1}',
  logs: '"message":"x"',
  traces: `"traceId":"${'ab'.repeat(16)}","spanId":"${'cd'.repeat(8)}","name":"n","service":"s","startTime":1,"endTime":2`,
}

const nearlyRight = (kind: keyof typeof NAMES) =>
  fc
    .tuple(
      fc.boolean(),
      fc.array(fc.tuple(fc.constantFrom(...NAMES[kind], 'eventId', '__proto__'), value), { maxLength: 4 }),
    )
    .map(([headed, members]) => {
      const rest = members.map(([name, of]) => `${JSON.stringify(name)}:${of}`)
      return `{${[...(headed ? [HEADS[kind]] : []), ...rest].join(',')}}`
    })

/** Whatever the door accepts becomes a row: a 202 that ends as a dead letter is a broken promise. */
export const judge = defineTarget<Posted>({
  name: 'judge',
  inputs: fc.constantFrom(...KINDS).chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      text: fc.oneof(
        { weight: 6, arbitrary: nearlyRight(kind) },
        { weight: 1, arbitrary: mutatedText(nearlyRight(kind)) },
        { weight: 2, arbitrary: anyJsonText },
      ),
      key: fc.option(
        hostileText().filter((text) => text !== '' && !/[\0-\x1f\x7f-\uffff]/.test(text)),
        {
          nil: undefined,
        },
      ),
    }),
  ),
  worst: () => [],
  parse: ({ kind, text, key }) =>
    admit({ form: 'records', kinds: kind, texts: [text, text], context: undefined }, key, {
      nextId,
      eventLimitBytes: EVENT_BYTES,
      keyForm: 'item',
    }),
  check({ kind }, outcome) {
    ensureDocumented(outcome)
    if ('error' in outcome) return
    const { admitted } = outcome.value as Admission
    const payload = encodeEnvelope(textsOf(admitted))
    const message = toMessage({ payload, headers: { [HEADERS.envelope]: '1' } })
    const read = exhaust(readMessage(message, READ))
    const { rows, letters } = exhaust(
      promoteBatch(kind, [[message, read]], PROMOTE[kind] as typeof promoteLog),
    )
    ensure(letters.length === 0, `accepted, and then a dead letter: ${letters[0]?.reason}`)
    ensure(rows.length === admitted.length, 'accepted, and then no row')
  },
})
