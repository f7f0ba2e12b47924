import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createEventIds } from '@runnel/contracts'
import { encodeEvent } from '@runnel/messaging'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { startConsumer, type TestConsumer } from './start-consumer.ts'

const nextId = createEventIds()

const TRACE = '5b8efff798038103d269b633813fc60c'

const span = (changes: object = {}) =>
  JSON.stringify({
    traceId: TRACE,
    spanId: 'eee19b7ec3c1b174',
    name: 'GET /cart',
    service: 'shop',
    kind: 'client',
    startTime: '2026-03-31T18:00:00.000000001Z',
    endTime: '2026-03-31T18:00:00.250000001Z',
    ...changes,
  })

describe('spans', () => {
  let consumer: TestConsumer

  beforeAll(async () => {
    consumer = await startConsumer()
  })
  afterAll(() => consumer.stop())

  const spans = () => consumer.database.kysely.selectFrom('span').selectAll().orderBy('id').execute()

  it('are stored once by their ids, whatever keys they came with, and an edge is counted between services', async () => {
    const first = nextId()
    await consumer.publishEnvelope('traces', [
      encodeEvent(
        nextId(),
        span({
          service: 'cart',
          kind: 'server',
          spanId: 'aaaaaaaaaaaaaaaa',
          parentSpanId: 'EEE19B7EC3C1B174',
        }),
      ),
      encodeEvent(first, span(), 'a key', undefined, undefined),
      encodeEvent(nextId(), span({ name: 'another' }), 'another key'),
    ])
    // Of two batches that are stored at the same time, either may be the first.
    await consumer.settled()
    await consumer.publishRaw('traces', span({ traceId: TRACE.toUpperCase(), eventId: 'a third' }))
    await consumer.settled()
    expect(await consumer.deadLetters()).toEqual([])
    const stored = await spans()
    expect(stored).toHaveLength(2)
    expect(stored.find(({ id }) => id === first)).toMatchObject({
      ...{ name: 'GET /cart', service: 'shop', kind: 'client', status: 'unset', duration_ns: 250_000_000 },
      ...{ span_id: 'eee19b7ec3c1b174', parent_span_id: null },
      data: JSON.parse(span()) as object,
    })
    await eventually(async () => {
      const { rows } = await sql<{ caller: string; callee: string; calls: number }>`
        select caller, callee, calls from edge_minute`.execute(consumer.database.kysely)
      expect(rows).toEqual([{ caller: 'shop', callee: 'cart', calls: 1 }])
      return true
    })
  })

  it.each([
    ['an id of zeros', { spanId: '0'.repeat(16) }, '/spanId'],
    ['an id that is too short', { traceId: 'ab' }, '/traceId'],
    ['an unknown kind', { kind: 'sink' }, '/kind'],
    ['an unknown status', { status: { code: 'fine' } }, '/status/code'],
    ['no start', { startTime: undefined }, '/startTime'],
    ['an end that is no time', { endTime: 'later' }, '/endTime'],
    ['attributes that are a list', { attributes: [] }, '/attributes'],
  ])('are no spans with %s', async (_, changes, field) => {
    const id = nextId()
    await consumer.publishEnvelope('traces', [
      encodeEvent(id, span({ spanId: 'bbbbbbbbbbbbbbbb', ...changes })),
    ])
    await consumer.settled()
    const letter = (await consumer.deadLetters()).find(({ source_id }) => source_id === id)
    expect(letter?.reason).toContain(field)
  })

  it('leave their trace in logs', async () => {
    await consumer.publishRaw('logs', JSON.stringify({ message: 'of a trace', trace_id: TRACE }))
    await consumer.settled()
    const { rows } = await sql<{ trace: string }>`
      select replace(trace_id::text, '-', '') as trace from log where message = 'of a trace'`.execute(
      consumer.database.kysely,
    )
    expect(rows).toEqual([{ trace: TRACE }])
  })
})
