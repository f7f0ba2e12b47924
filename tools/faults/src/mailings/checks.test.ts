import { describe, expect, it } from '@jest/globals'
import { checkCounts } from './check-counts.ts'
import { checkChannel } from './check-channel.ts'
import { checkRecipients } from './check-recipients.ts'
import { checkRate, checkTimes } from './check-times.ts'
import type { Person } from './create-people.ts'
import type { Plan } from './create-plans.ts'
import type { MessageRow, RunState } from './read-run-state.ts'
import type { ChannelCall } from './receivers/channel-call.ts'

/** 2026-11-20, noon in London, three in the afternoon in Moscow. */
const NOON_MS = Date.UTC(2026, 10, 20, 12)
const HOUR_MS = 3_600_000

const plan = (more: Partial<Plan> = {}): Plan => ({
  ...{
    name: 'plan',
    channel: 'gateway',
    startMs: NOON_MS,
    endMs: NOON_MS + HOUR_MS,
    operatorCodes: [],
    tags: [],
  },
  ...{ window: null, ratePerSecond: null },
  ...more,
})
const person = (phone: number, more: Partial<Person> = {}): Person => ({
  ...{ phone, operatorCode: '916', tag: '', timeZone: 'Europe/Moscow', optedOut: false },
  ...more,
})
const message = (id: number, more: Partial<MessageRow> = {}): MessageRow => ({
  ...{ id, mailingId: 1, phone: id, address: String(id), status: 'sent', reason: null },
  ...more,
})
const state = (messages: readonly MessageRow[], more: Partial<RunState> = {}): RunState => ({
  mailings: [{ id: 1, name: 'plan', status: 'completed', messageCount: messages.length }],
  ...{ messages, slots: [], tallies: [], everUnknown: new Set(), openRetries: 0, openChunks: 0 },
  ...more,
})
const call = (msgId: number, more: Partial<ChannelCall> = {}): ChannelCall => ({
  ...{ msgId, address: String(msgId), atMs: NOON_MS, accepted: true, effect: true },
  ...more,
})

describe('who gets a message', () => {
  it('is right where every recipient has one', () => {
    const people = [person(1), person(2, { optedOut: true }), person(3, { operatorCode: '903' })]
    expect(checkRecipients(state([message(1)]), plan({ operatorCodes: ['916'] }), 1, people)).toBe(1)
  })

  it('is right where a client without an address of the channel has none', () => {
    const people = [person(1, { email: 'one@example.com' }), person(2)]
    expect(checkRecipients(state([message(1)]), plan({ channel: 'email' }), 1, people)).toBe(1)
    expect(() => checkRecipients(state([message(2)]), plan({ channel: 'email' }), 1, people)).toThrow(
      'no message',
    )
  })

  it.each([
    ['two messages', [message(1), message(2, { phone: 1 })]],
    ['no message', []],
    ['a message and are no recipients', [message(1), message(2)]],
  ])('is wrong where a client has %s', (what, messages) => {
    const people = [person(1), person(2, { tag: 'vip' })]
    expect(() => checkRecipients(state(messages), plan({ tags: [''] }), 1, people)).toThrow(what)
  })
})

describe('counts', () => {
  const counted = (count: number) => [{ mailingId: 1, status: 'sent', count }]
  const good = { slots: counted(2), tallies: counted(2) }

  it('are right where all of them are alike', () => {
    expect(checkCounts(state([message(1), message(2)], good), 1, { sent: 2, failed: 0 })).toEqual({ sent: 2 })
  })

  it.each([
    ['slots', { ...good, slots: counted(1) }, { sent: 2 }],
    ['tallies', { ...good, tallies: counted(3) }, { sent: 2 }],
    ['query-api', good, { sent: 1, unknown: 1 }],
  ])('are wrong where %s differ', (what, more, shown) => {
    expect(() => checkCounts(state([message(1), message(2)], more), 1, shown)).toThrow(what)
  })

  it('are wrong where messages are open or missing', () => {
    const open = state([message(1, { status: 'retry' })])
    expect(() => checkCounts(open, 1, { retry: 1 })).toThrow('some are open')
    const missing = { mailings: [{ id: 1, name: 'plan', status: 'completed', messageCount: 2 }] }
    expect(() => checkCounts(state([message(1)], missing), 1, { sent: 1 })).toThrow('1 messages, and 2')
  })
})

describe('what a channel took', () => {
  const check = (messages: readonly MessageRow[], calls: readonly ChannelCall[], unknown: number[] = []) =>
    checkChannel(state(messages, { everUnknown: new Set(unknown) }), calls, {
      ...{ channel: 'webhook', deduplicates: unknown.length === 0 },
    })

  it('is right where it is sent or unknown', () => {
    const messages = [message(1), message(2, { status: 'unknown' }), message(4, { status: 'expired' })]
    const calls = [call(1), call(1, { effect: false }), call(2)]
    expect(check(messages, [...calls, call(4, { accepted: false, effect: false })])).toMatchObject({
      accepted: 2,
      duplicates: 0,
      inDoubt: 1,
    })
  })

  it.each([
    ['not among its own', [], [call(1)]],
    ['another address', [message(1)], [call(1, { address: '2' })]],
    ['arrived twice', [message(1)], [call(1), call(1)]],
    ['knows nothing', [message(1)], [call(1, { accepted: false, effect: false })]],
    ['show no doubt', [message(1, { status: 'expired' })], [call(1)]],
  ])('is wrong: %s', (what, messages, calls) => {
    expect(() => check(messages, calls)).toThrow(what)
  })

  it('may be doubled where it was unknown, and there alone', () => {
    const twice = [call(1), call(1)]
    expect(check([message(1)], twice, [1])).toMatchObject({ duplicates: 1 })
    expect(() => check([message(1)], twice, [2])).toThrow('never were unknown')
  })
})

describe('when it was taken', () => {
  const check = (calls: readonly ChannelCall[], of: Plan) =>
    checkTimes(state([message(1)]), calls, new Map([[1, of]]), [person(1)])
  const window = { from: 22 * 60, to: 15 * 60 + 1 }

  it('is right from the start until the end, inside the local window', () => {
    check([call(1), call(1, { atMs: NOON_MS + HOUR_MS - 1 })], plan())
    check([call(1)], plan({ window }))
    check([call(1, { atMs: 0, accepted: false })], plan())
  })

  it('is right where the receiver stood still, and it may have come before the end', () => {
    const late = { atMs: NOON_MS + HOUR_MS + 5000 }
    check([call(1, { ...late, sinceMs: NOON_MS + HOUR_MS - 1 })], plan())
    expect(() => check([call(1, { ...late, sinceMs: NOON_MS + HOUR_MS })], plan())).toThrow('after the end')
  })

  it.each([
    ['before the start', -1, plan()],
    ['after the end', HOUR_MS, plan()],
    ['outside the window of Europe/Moscow', 60_000, plan({ window })],
    ['outside the window of Europe/Moscow', 0, plan({ window: { from: 12 * 60, to: 15 * 60 } })],
  ])('is wrong %s', (what, afterMs, of) => {
    expect(() => check([call(1, { atMs: NOON_MS + afterMs })], of)).toThrow(what)
  })

  it('is wrong faster than the rate', () => {
    const calls = (count: number) => Array.from({ length: count }, (_, i) => call(1, { atMs: NOON_MS + i }))
    const slow = plan({ ratePerSecond: 2 })
    checkRate(state([message(1)]), calls(30), 1, slow)
    expect(() => checkRate(state([message(1)]), calls(31), 1, slow)).toThrow('31 calls in ten seconds')
  })
})
