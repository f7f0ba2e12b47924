import { afterEach, expect, it } from '@jest/globals'
import { createEventIds, createTopology, type JsonValue, type StoredLogEntry } from '@runnel/contracts'
import { FairShare } from '@runnel/http'
import { createLogger } from '@runnel/observability'
import type { LogConditions } from '@runnel/repositories-events'
import { eventually } from '@runnel/testing'
import { compareLogs } from './compare-logs.ts'
import { FilterGroup } from './filter-group.ts'
import { LiveLog } from './live-log.ts'
import { LogTail, type LogTailOptions } from './log-tail.ts'
import { SliceLane } from './slice-lane.ts'
import { firstThatFits } from './tail-batch.ts'

const nextId = createEventIds()
const drains: AbortController[] = []
afterEach(() => {
  for (const drain of drains.splice(0)) drain.abort()
})

function entry(message: string | null, data: JsonValue = {}): StoredLogEntry {
  return { id: nextId(), occurredAtMs: 0, level: null, service: null, message, data }
}

/** The tail of a process, whose notices come from the test. */
function startTail(options: Partial<LogTailOptions> = {}) {
  const drain = new AbortController()
  drains.push(drain)
  let notify: (payload: Uint8Array) => void = () => undefined
  let stored = 0
  const tail = new LogTail({
    log: createLogger('test', 'silent'),
    topology: createTopology('test'),
    notices: {
      send: () => undefined,
      onGap: () => () => undefined,
      subscribe: (_subject, receive) => {
        notify = receive
        return () => undefined
      },
    },
    share: new FairShare({ what: 'live tails', permits: 1000, permitsOfPeer: 1000 }),
    queue: { lines: 100, bytes: 1_000_000 },
    backlogBytes: 1_000_000,
    readAfter: async () => ({ frames: [], dropped: 0 }),
    now: Date.now,
    signal: drain.signal,
    ...options,
  })
  const announce = (logs: readonly StoredLogEntry[]) => {
    notify(Buffer.from(JSON.stringify({ source: 'one', stored, logs })))
    stored += logs.length
  }
  return { tail, announce }
}

/** A client that reads all the time. */
function read(tail: LogTail, conditions: LogConditions = {}, lastId?: string) {
  const heard = { lines: 0, dropped: 0, missed: 0, messages: [] as (string | null)[] }
  const stream = tail.open('a', conditions, lastId)
  stream.on('data', (piece: Buffer) => {
    for (const [, event, data] of piece.toString().matchAll(/^event: (.*)\ndata: (.*)$/gm)) {
      const value = JSON.parse(data!) as { message: string | null; count: number; missed: number }
      if (event === 'log') heard.messages.push(value.message)
      else [heard.dropped, heard.missed] = [heard.dropped + value.count, heard.missed + value.missed]
      heard.lines = heard.messages.length
    }
  })
  return heard
}

it('makes the text of an entry once, however many filters look at it', () => {
  let looks = 0
  const data = new Proxy(
    { a: 'x' },
    {
      ownKeys: (target) => {
        looks++
        return Reflect.ownKeys(target)
      },
    },
  )
  const log = new LiveLog(entry(null, data), 0)
  void log.frame
  looks = 0
  const limits = { lines: 10, bytes: 10_000 }
  const filters = Array.from({ length: 100 }, (_, i) => new FilterGroup({ words: [`w${i}`] }, limits, 0))
  for (const _ of compareLogs([log], filters)) continue
  expect(looks).toBe(1)
})

it('pauses after a bounded number of characters, however many filters and entries there are', () => {
  const text = 'x'.repeat(10_000)
  const logs = Array.from({ length: 20 }, (_, i) => new LiveLog(entry(text), i))
  const limits = { lines: 10, bytes: 10_000 }
  const filters = Array.from({ length: 50 }, (_, i) => new FilterGroup({ words: [`w${i}`] }, limits, 0))
  const pauses = [...compareLogs(logs, filters)].length
  expect(pauses).toBeGreaterThan((20 * 50 * 10_000) / (64 * 1024 + 10_300) - 1)
})

it('does one piece of long work after the other, and lets other work have the event loop meanwhile', async () => {
  const lane = new SliceLane()
  const order: string[] = []
  let othersHadATurn = false
  const work = (name: string) =>
    function* () {
      order.push(`${name} begins`)
      while (!othersHadATurn) yield
      order.push(`${name} ends`)
    }
  const both = [lane.run(work('a')), lane.run(work('b'))]
  setImmediate(() => (othersHadATurn = true))
  await Promise.all(both)
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
})

it('keeps no more than its backlog, and every client receives the number of entries that it has missed', async () => {
  const { tail, announce } = startTail({ backlogBytes: 50_000 })
  const [all, some] = [read(tail), read(tail, { words: ['7'] })]
  for (let i = 0; i < 50; i++) {
    announce(Array.from({ length: 10 }, (_, n) => entry(`line ${i * 10 + n} ${'.'.repeat(1000)}`)))
    expect(tail.backlogBytes).toBeLessThanOrEqual(50_000)
  }
  const late = read(tail)
  await eventually(() => all.missed > 0 && some.missed > 0)
  expect(all.lines + all.missed).toBe(500)
  expect(some.missed).toBe(all.missed)
  expect(some.messages).toEqual(all.messages.filter((message) => message!.includes('7')))
  announce([entry('after')])
  await eventually(() => late.lines === 1)
  expect(late).toMatchObject({ messages: ['after'], missed: 0 })
})

it('gives a client that comes back what it has not seen, each entry once, while entries wait', async () => {
  const { tail, announce } = startTail()
  const first = read(tail)
  const logs = Array.from({ length: 40 }, (_, i) => entry(`line ${i}`))
  announce(logs.slice(0, 20))
  await eventually(() => first.lines === 20)
  announce(logs.slice(20, 30))
  const again = read(tail, {}, logs[9]!.id)
  announce(logs.slice(30))
  await eventually(() => again.lines === 30)
  expect(again.messages).toEqual(logs.slice(10).map(({ message }) => message))
})

it('shares the bytes of lines between clients: one that does not read has a copy of a piece alone', () => {
  const logs = Array.from({ length: 100 }, (_, i) => new LiveLog(entry('x'.repeat(10_000)), i))
  const limits = { lines: 100, bytes: 2_000_000 }
  const group = new FilterGroup({}, limits, 0)
  for (const _ of compareLogs(logs, [group])) continue
  const { batch } = group.result()
  expect(batch.frames.every(({ bytes }, i) => bytes === logs[i]!.frame.bytes)).toBe(true)
  let lines = 0
  for (let from = 0; from < 100;) {
    const { bytes, end } = batch.piece(from)
    expect(bytes.length).toBeLessThan(64 * 1024 + 10_500)
    expect(batch.piece(from).bytes).toBe(bytes)
    lines += end - from
    from = end
  }
  expect(lines).toBe(100)
  expect(firstThatFits(batch.frames, { lines: 3, bytes: 1e9 })).toBe(97)
})
