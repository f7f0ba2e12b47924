import { AppError, createEventIds, HEADERS, isEventId, KINDS } from '@runnel/contracts'
import { decodeEnvelope, encodeEvent } from '@runnel/messaging'
import {
  promoteBatch,
  promoteLog,
  promoteMetric,
  promoteProduct,
  promoteSpan,
  readMessage,
  type ReadMessage,
} from '@runnel/consumer/parsers'
import { parseChangeNotice, parseLogNotice } from '@runnel/query-api/parsers'
import { inSlices } from '@runnel/runtime'
import fc from 'fast-check'
import { ensure, ensureDocumented } from '../ensure.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { anyJsonText } from '../inputs/json-text.ts'
import { slowObjects } from '../inputs/large-json.ts'
import { mutatedBytes, mutatedText } from '../inputs/mutate.ts'
import { defineTarget, type AnyTarget, type WorstCase } from '../target.ts'
import { READ } from './read-options.ts'
import { toMessage, type RawMessage } from './raw-message.ts'

const PAYLOAD_BYTES = 1024 ** 2
const ENVELOPE_BYTES = 400_000

const nextId = createEventIds()

const eventText = fc
  .tuple(
    anyJsonText,
    fc.option(hostileText(), { nil: undefined }),
    fc.constantFrom('upsert', 'delete', undefined),
  )
  .map(([data, key, op]) => encodeEvent(nextId(), data, key, op as 'delete'))

const envelopeText = fc.array(eventText, { maxLength: 5 }).map((events) => `{"events":[${events.join(',')}]}`)

const slowEnvelope = (bytes: number): [string, string][] =>
  slowObjects(bytes - 100).map(([name, text]) => [name, `{"events":[${encodeEvent(nextId(), text)}]}`])

/** Envelopes: a malformed event costs only itself. */
export const envelopes = defineTarget<string>({
  name: 'envelopes',
  inputs: mutatedText(envelopeText),
  worst: () => slowEnvelope(ENVELOPE_BYTES).map(([name, text]) => ({ name, input: () => text })),
  parse: decodeEnvelope,
  check(_, outcome) {
    ensureDocumented(outcome)
    if ('error' in outcome) return
    for (const item of outcome.value as ReturnType<typeof decodeEnvelope>) {
      if ('event' in item)
        ensure(isEventId(item.event.id) && item.event.data !== undefined, 'an event is not valid')
      else
        ensure(item.malformed instanceof AppError && item.raw !== undefined, 'what is malformed is not kept')
    }
  },
})

const headers = fc.record(
  {
    [HEADERS.eventId]: fc.oneof(
      hostileText(),
      fc.constant(nextId()),
      fc.constant('00000000-0000-7000-8000-000000000000'),
    ),
    [HEADERS.eventKey]: hostileText(),
    [HEADERS.messageId]: hostileText(),
    [HEADERS.operation]: fc.constantFrom('delete', 'upsert', 'x'),
    [HEADERS.envelope]: fc.constantFrom('1', '0', ''),
    [HEADERS.replyTo]: hostileText(),
  },
  { requiredKeys: [] },
)

interface ReadEvent {
  readonly id: string
  readonly sourceId: string
}

/** What any third party publishes: read, and made a row of each kind or a dead letter with a reason. */
export const raw = defineTarget<RawMessage>({
  name: 'raw',
  inputs: fc.record({ payload: mutatedBytes(fc.oneof(anyJsonText, eventText, envelopeText)), headers }),
  worst: () => [
    ...slowObjects(PAYLOAD_BYTES).map(([name, text]) => worstRaw(name, text, {})),
    ...slowEnvelope(PAYLOAD_BYTES).map(([name, text]) =>
      worstRaw(`envelope: ${name}`, text, { [HEADERS.envelope]: '1' }),
    ),
  ],
  parse: (input) => inSlices(readMessage(toMessage(input), READ)),
  check(input, outcome) {
    ensure('value' in outcome, `it throws: ${String((outcome as { error: unknown }).error)}`)
    const read = outcome.value as ReadMessage
    if (input.headers[HEADERS.envelope] !== '1')
      ensure(read.events.length + read.poison.length === 1, 'a message is more or less than an event')
    for (const { id, sourceId } of read.events as readonly ReadEvent[])
      ensure(isEventId(id) && isEventId(sourceId), 'an event has no id')
    for (const { sourceId, reason, payload } of read.poison)
      ensure(isEventId(sourceId) && reason !== '' && payload instanceof Uint8Array, 'poison is not kept')
    checkRows(input, read)
  },
})

/** How each kind becomes rows, as the consumer does it. */
export const PROMOTE = {
  logs: promoteLog,
  metrics: promoteMetric,
  products: promoteProduct,
  traces: promoteSpan,
} as const

/** What makes a product or a metric of an object, in every way. */
const HEADS = ['{"id":1,"name":"x","price":1,', '{"ID":1,"Name":"x","Price":1,', '{"data":{"name":"x"},']

/** The row of each kind, whose promotion may not hold the event loop either. */
const rowTarget = (kind: (typeof KINDS)[number]): AnyTarget =>
  defineTarget<RawMessage>({
    name: `rows-${kind}`,
    inputs: fc.record({ payload: anyJsonText.map((text) => Buffer.from(text)), headers: fc.constant({}) }),
    worst: () =>
      HEADS.flatMap((head) =>
        slowObjects(PAYLOAD_BYTES - 60).map(([name, text]) =>
          worstRaw(`${name} behind ${head}`, text.replace('{', head), {}),
        ),
      ),
    parse: prepare(kind),
    check: (_, outcome) => ensure('value' in outcome, 'it throws'),
  })

/** The message is read before: that is a stretch of its own. */
function prepare(kind: (typeof KINDS)[number]) {
  let last: RawMessage | undefined
  let read: ReadMessage | undefined
  return async (input: RawMessage) => {
    if (input !== last) {
      read = await inSlices(readMessage(toMessage(input), READ))
      last = input
      await new Promise(setImmediate)
    }
    return exhaust(promoteBatch(kind, [[toMessage(input), read!]], PROMOTE[kind] as typeof promoteLog))
  }
}

export const rows: readonly AnyTarget[] = KINDS.map(rowTarget)

function checkRows(input: RawMessage, read: ReadMessage): void {
  for (const kind of KINDS) {
    const { rows, letters } = exhaust(
      promoteBatch(kind, [[toMessage(input), read]], PROMOTE[kind] as typeof promoteLog),
    )
    ensure(rows.length + letters.length === read.events.length + read.poison.length, 'an event is lost')
    for (const { reason } of letters) ensure(!reason.startsWith('unreadable'), `unexpected: ${reason}`)
  }
}

/** @returns the result of steps, without the pauses between them */
export function exhaust<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

function worstRaw(name: string, text: string, of: RawMessage['headers']): WorstCase<RawMessage> {
  return { name, input: () => ({ payload: Buffer.from(text).subarray(0, PAYLOAD_BYTES), headers: of }) }
}

/** Notices of stored logs come over a public subject as well. */
export const notices = defineTarget<Buffer>({
  name: 'notices',
  inputs: mutatedBytes(
    anyJsonText.map(
      (data) =>
        `{"source":"a","stored":1,"logs":[{"id":"${nextId()}","occurredAtMs":1,"level":null,"service":null,"message":"x","data":${data}}]}`,
    ),
  ),
  worst: () => slowObjects(PAYLOAD_BYTES).map(([name, text]) => ({ name, input: () => Buffer.from(text) })),
  parse: (bytes) => parseLogNotice(bytes, Date.now()),
  check(_, outcome) {
    ensure('value' in outcome, 'it throws')
    const notice = outcome.value as ReturnType<typeof parseLogNotice>
    for (const { id, occurredAtMs } of notice?.logs ?? [])
      ensure(isEventId(id) && !Number.isNaN(new Date(occurredAtMs).getTime()), 'an entry is not valid')
  },
})

/** Notices of changed products: what they say is bounded. */
export const changeNotices = defineTarget<Buffer>({
  name: 'change-notices',
  inputs: mutatedBytes(
    fc
      .record({
        productIds: fc.array(fc.maxSafeInteger()),
        version: fc.oneof(fc.double(), fc.constant(Date.now())),
      })
      .map((notice) => JSON.stringify(notice)),
  ),
  worst: () => [
    {
      name: 'a megabyte of ids',
      input: () => Buffer.from(`{"version":1,"productIds":[${'1,'.repeat(500_000)}1]}`),
    },
    ...slowObjects(PAYLOAD_BYTES / 2).map(([name, text]) => ({ name, input: () => Buffer.from(text) })),
  ],
  parse: (bytes) => parseChangeNotice(bytes, Date.now()),
  check(_, outcome) {
    ensure('value' in outcome, 'it throws')
    const notice = outcome.value as ReturnType<typeof parseChangeNotice>
    if (!notice) return
    ensure(
      notice.productIds.length <= 20_000 && notice.productIds.every(Number.isSafeInteger),
      'the ids have no bound',
    )
    ensure(notice.version >= 0 && notice.version < Date.now() + 130_000, 'the version is of the future')
  },
})
