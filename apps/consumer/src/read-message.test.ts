import { expect, it } from '@jest/globals'
import { createEventIds, eventTimeMs, isEventId } from '@runnel/contracts'
import type { Message } from '@runnel/messaging'
import { readMessage } from './read-message.ts'

const STORED_AT_MS = 1_700_000_000_123
const NOW_MS = STORED_AT_MS + 60_000
const DAY_MS = 86_400_000

/** A raw message as the NATS driver delivers it. */
const FROM_NATS: Partial<Message> = {
  identity: '17\n1700000000123456789',
  position: { timeMs: STORED_AT_MS, tie: 17 },
}

function deliver(changes: Partial<Message>, payload = '{"message":"x"}') {
  const message: Message = {
    subject: 'logs',
    payload: Buffer.from(payload),
    header: () => undefined,
    stream: 'logs',
    identity: undefined,
    position: undefined,
    deliveries: 1,
    ack() {},
    nak() {},
    term() {},
    inProgress() {},
    ...changes,
  }
  const now = () => NOW_MS
  const steps = readMessage(message, {
    nextId: createEventIds(now),
    now,
    retentionMs: 30 * DAY_MS,
    writtenEventLimitBytes: 2 * 1024 ** 2,
    isInbox: () => false,
  })
  for (;;) {
    const step = steps.next()
    if (step.done) return { event: step.value.events[0]!, poison: step.value.poison[0]! }
  }
}

it('gives a raw message from NATS the id that every version before has given it', () => {
  const { event } = deliver(FROM_NATS)
  expect(event).toMatchObject({ id: '018bcfe5-687b-777a-a03e-a8c9ba84198d', key: undefined })
  expect(eventTimeMs(event.id)).toBe(STORED_AT_MS)
})

it('gives what cannot be read of an envelope an id for each item, as every version before', () => {
  const header = (name: string) => (name === 'Runnel-Envelope' ? '1' : undefined)
  const { poison } = deliver({ ...FROM_NATS, header }, `{"events":[${WHOLE_EVENT},7]}`)
  expect(poison.sourceId).toBe('018bcfe5-687b-76ae-aed0-e2d93cda3ddb')
})

const WHOLE_EVENT = '{"id":"018bcfe5-687b-777a-a03e-a8c9ba84198d","data":{}}'

it('without a position, gives a raw message an id of now, and a key that recognises a redelivery', () => {
  const [first, second] = [1, 2].map((deliveries) => deliver({ identity: 'one', deliveries }).event)
  expect(eventTimeMs(first!.id)).toBe(NOW_MS)
  expect(isEventId(first!.key)).toBe(true)
  expect(second!.key).toBe(first!.key)
  expect(deliver({ identity: 'two' }).event.key).not.toBe(first!.key)
})

it('without a position, a raw message keeps a key of its own', () => {
  expect(deliver({ identity: 'one' }, '{"eventId":"mine"}').event.key).toBe('mine')
})

it.each<[string, Partial<Message>, number]>([
  ['the time of the broker', { position: { timeMs: STORED_AT_MS, tie: 1 } }, STORED_AT_MS],
  ['the time of now', {}, NOW_MS],
])('without an identity, gives each delivery an id of its own, of %s', (_time, changes, timeMs) => {
  const [first, second] = [1, 2].map((deliveries) => deliver({ ...changes, deliveries }).event)
  expect(eventTimeMs(first!.id)).toBe(timeMs)
  expect(second!.id).not.toBe(first!.id)
  expect(first!.key).toBeUndefined()
})

it('without a position, an unreadable message is the same dead letter at every delivery', () => {
  const [first, second] = [1, 2].map(() => deliver({ identity: 'one' }, '{').poison.sourceId)
  expect(second).toBe(first)
})
