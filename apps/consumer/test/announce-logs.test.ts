import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createEventIds, createTopology, type LogNotice } from '@runnel/contracts'
import { encodeEvent } from '@runnel/messaging'
import type { LogRow } from '@runnel/repositories-events'
import { eventually } from '@runnel/testing'
import { createLogAnnouncer } from '../src/announce-logs.ts'
import { startConsumer, type TestConsumer } from './start-consumer.ts'

const nextId = createEventIds()
const row = (message: string): LogRow => ({
  id: nextId(),
  occurredAtMs: 0,
  level: null,
  service: null,
  message,
  data: {},
})

/** An announcer whose notices are kept, on a clock of its own. */
function record() {
  const topology = createTopology('')
  const notices: LogNotice[] = []
  const clock = { nowMs: 0 }
  let want = (): void => undefined
  const announcer = createLogAnnouncer({
    topology,
    nowMs: () => clock.nowMs,
    notices: {
      send: (_, payload) => void notices.push(JSON.parse(Buffer.from(payload).toString()) as LogNotice),
      subscribe: (_, receive) => {
        want = () => receive(new Uint8Array())
        return () => undefined
      },
    },
  })
  return { announcer, notices, clock, want: () => want() }
}

it('sends nothing while no client asks, and counts all the same', () => {
  const { announcer, notices, clock, want } = record()
  announcer.announce([row('a'), row('b')])
  want()
  announcer.announce([row('c')])
  clock.nowMs += 5001
  announcer.announce([row('d')])
  want()
  announcer.announce([row('e')])
  expect(notices.map(({ stored, logs }) => [stored, logs.map(({ message }) => message)])).toEqual([
    [2, ['c']],
    [4, ['e']],
  ])
})

it('splits what a notice cannot hold, leaves out what is too large or too much, and shows it by its numbers', () => {
  const { announcer, notices, clock, want } = record()
  want()
  announcer.announce([row('a'), row('x'.repeat(300_000)), row('y'.repeat(200_000)), row('z'.repeat(200_000))])
  expect(notices.map(({ stored, logs }) => [stored, logs.length])).toEqual([
    [0, 1],
    [2, 1],
    [3, 1],
  ])
  announcer.announce(Array.from({ length: 100 }, () => row('w'.repeat(100_000))))
  const sent = notices.slice(3).reduce((sum, { logs }) => sum + logs.length, 0)
  expect(sent).toBeGreaterThan(20)
  expect(sent).toBeLessThan(60)
  expect(notices.at(-1)).toMatchObject({ stored: 104, logs: [] })
  clock.nowMs += 1000
  announcer.announce([row('again')])
  expect(notices.at(-1)).toMatchObject({ stored: 104, logs: [{ message: 'again' }] })
})

let consumer: TestConsumer
beforeAll(async () => {
  consumer = await startConsumer()
})
afterAll(() => consumer.stop())

it('announces every entry that is stored, among batches at the same time and redelivered ones, and none besides', async () => {
  const { broker, topology } = consumer
  const heard: LogNotice[] = []
  broker.subscribe(topology.logsStored, (payload) =>
    heard.push(JSON.parse(Buffer.from(payload).toString()) as LogNotice),
  )
  broker.send(topology.logsWanted, new Uint8Array())
  const envelopes = Array.from({ length: 60 }, (_, n) =>
    Array.from({ length: 20 }, (_, i) =>
      encodeEvent(nextId(), JSON.stringify({ message: `${n}/${i}` }), `key ${n % 50} ${i}`),
    ),
  )
  await Promise.all(
    [...envelopes, ...envelopes.slice(0, 10)].map((events) => consumer.publishEnvelope('logs', events)),
  )
  await consumer.settled()
  const rows = await consumer.database.kysely.selectFrom('log').select('id').execute()
  const ids = () => new Set(heard.flatMap(({ logs }) => logs.map(({ id }) => id)))
  await eventually(() => ids().size >= rows.length)
  expect(ids()).toEqual(new Set(rows.map(({ id }) => id)))
  const inOrder = heard.toSorted((a, b) => a.stored - b.stored)
  for (const [i, { stored, logs }] of inOrder.entries()) {
    if (i + 1 < inOrder.length) expect(inOrder[i + 1]!.stored).toBe(stored + logs.length)
  }
})
