import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { sql } from 'kysely'
import { joinEdges } from '../src/writes/join-edges.ts'
import { storeSpans } from '../src/writes/store-spans.ts'
import { aSpan, idAt } from './rows.ts'

describe.each(ENGINES)('storing spans on %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
  })
  afterAll(() => database.drop())

  const operation = async (service: string) => {
    const { rows } = await sql<{ spans: number; errors: number; duration_ns: number; durations: number[] }>`
      select sum(spans)::float8 as spans, sum(errors)::float8 as errors, sum(duration_ns) as duration_ns
      from operation_minute where service = ${service}`.execute(database.kysely)
    return rows[0]
  }
  const edges = async (caller: string) => {
    const { rows } = await sql<{ callee: string; calls: number }>`
      select callee, sum(calls)::float8 as calls, sum(errors)::float8 as errors from edge_minute
      where caller = ${caller} group by callee order by callee`.execute(database.kysely)
    return rows
  }
  const joinAll = async () => {
    await sql`update open_edge set due_at = clock_timestamp()`.execute(database.kysely)
    return joinEdges(database)
  }

  it('stores a span with its times to the microsecond and its ids as they are', async () => {
    const row = aSpan({
      startedAtMs: Date.UTC(2026, 0, 1),
      startedAtNs: 123_456,
      durationNs: 9e18,
      parentSpanId: 'ffffffffffffffff',
      data: { exact: JSON.rawJSON('1774980000123456789') },
    })
    await storeSpans(database, [row], [])
    const { rows } = await sql`
      select replace(trace_id::text, '-', '') as trace, span_id, parent_span_id, duration_ns::text as ns,
        to_char(started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as started, data::text as data
      from span where id = ${row.id}`.execute(database.kysely)
    expect(rows).toEqual([
      {
        trace: row.traceId,
        span_id: row.spanId,
        parent_span_id: 'ffffffffffffffff',
        ns: '9000000000000000000',
        started: '2026-01-01 00:00:00.000123',
        data: '{"exact": 1774980000123456789}',
      },
    ])
  })

  it('stores a span once by its ids, keeps the first one, and counts it once', async () => {
    const first = aSpan({ service: 'once', name: 'first' })
    const again = aSpan({ ...first, id: aSpan().id, name: 'second' })
    expect(await storeSpans(database, [first, again], [])).toMatchObject({
      stored: 1,
      duplicates: [{ id: again.id, of: first.id }],
      reused: [],
    })
    const later = aSpan({ ...first, id: aSpan().id, status: 'error' })
    expect(await storeSpans(database, [later], [])).toMatchObject({ stored: 0, reused: [] })
    expect(await operation('once')).toMatchObject({ spans: 1, errors: 0 })
  })

  it('counts nothing of what the broker delivers again', async () => {
    const rows = [aSpan({ service: 'again' }), aSpan({ service: 'again', status: 'error' })]
    await storeSpans(database, rows, [])
    expect(await storeSpans(database, [...rows, aSpan({ service: 'again' })], [])).toMatchObject({
      stored: 1,
      repeated: 2,
    })
    expect(await operation('again')).toMatchObject({ spans: 3, errors: 1, duration_ns: 3_000_000 })
  })

  it('stores and counts a span once that a batch has twice', async () => {
    const caller = aSpan({ service: 'twice', kind: 'client' })
    const called = aSpan({ traceId: caller.traceId, parentSpanId: caller.spanId, service: 'called-twice' })
    expect(await storeSpans(database, [called, caller, called, caller], [])).toMatchObject({
      ...{ stored: 2, repeated: 2, duplicates: [], reused: [] },
    })
    await joinAll()
    expect(await operation('twice')).toMatchObject({ spans: 1, duration_ns: 1_000_000 })
    expect(await operation('called-twice')).toMatchObject({ spans: 1, duration_ns: 1_000_000 })
    expect(await edges('twice')).toEqual([{ callee: 'called-twice', calls: 1, errors: 0 }])
  })

  it('adds up the durations of a minute', async () => {
    for (const durationNs of [0, 1500, 1500, 9e18])
      await storeSpans(database, [aSpan({ service: 'sum', durationNs })], [])
    const { rows } = await sql<{ durations: number[] }>`
      select durations from operation_minute where service = 'sum'`.execute(database.kysely)
    const sums = rows[0]!.durations.map((_, i) => rows.reduce((sum, { durations }) => sum + durations[i]!, 0))
    expect(sums.flatMap((count, i) => (count === 0 ? [] : [[i, count]]))).toEqual([
      [0, 1],
      [2, 2],
      [63, 1],
    ])
  })

  it('counts a call once, whether the caller comes before, with or after the one that it called', async () => {
    for (const order of ['before', 'with', 'after']) {
      const parent = aSpan({ service: `caller-${order}`, kind: 'client' })
      const child = aSpan({
        ...{ traceId: parent.traceId, parentSpanId: parent.spanId, service: 'callee', status: 'error' },
      })
      const batches = { before: [[parent], [child]], with: [[child, parent]], after: [[child], [parent]] }
      for (const batch of batches[order as 'with']) {
        await storeSpans(database, batch, [])
        await storeSpans(database, batch, [])
        await joinAll()
      }
      await joinAll()
      expect(await edges(`caller-${order}`)).toEqual([{ callee: 'callee', calls: 1, errors: 1 }])
    }
  })

  it('makes the partition that a call is counted in where that is missing', async () => {
    const receivedAtMs = Date.now() - 40 * 86_400_000
    await ensurePartitions(database, [receivedAtMs], ['span', 'operation_minute'])
    const caller = aSpan({ id: idAt(receivedAtMs), service: 'long-ago', kind: 'client' })
    const ids = { traceId: caller.traceId, parentSpanId: caller.spanId }
    await storeSpans(database, [aSpan({ id: idAt(receivedAtMs), ...ids, service: 'called-then' })], [])
    await storeSpans(database, [caller], [])
    expect(await joinAll()).toMatchObject({ joined: 1 })
    expect(await edges('long-ago')).toEqual([{ callee: 'called-then', calls: 1, errors: 0 }])
  })

  it('draws no edge from a service to itself, and forgets a call whose caller does not come in time', async () => {
    await sql`delete from open_edge`.execute(database.kysely)
    const parent = aSpan({ service: 'self', kind: 'client' })
    const own = aSpan({ traceId: parent.traceId, parentSpanId: parent.spanId, service: 'self' })
    await storeSpans(database, [own], [])
    await storeSpans(database, [parent], [])
    expect(await joinAll()).toMatchObject({ joined: 1, orphaned: 0 })
    expect(await edges('self')).toEqual([])
    await storeSpans(database, [aSpan({ parentSpanId: 'abababababababab' })], [])
    expect(await joinAll()).toMatchObject({ joined: 0, orphaned: 0 })
    await sql`update open_edge set inserted_at = clock_timestamp() - interval '16 minutes'`.execute(
      database.kysely,
    )
    expect(await joinAll()).toMatchObject({ joined: 0, orphaned: 1 })
    expect(await joinAll()).toMatchObject({ joined: 0, orphaned: 0 })
  })
})
