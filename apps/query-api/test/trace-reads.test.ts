import { beforeAll, expect, test } from '@jest/globals'
import type { Operations, ServiceMap, Trace, TraceList } from '@runnel/contracts/api/trace'
import { logEntry, span } from './builders.ts'
import { useSuite } from './suite.ts'

// A query that waits for a lock on a slow machine does not end by itself.
const suite = useSuite({ limits: { traceSpans: 20, queryWaitMs: 60_000 }, scanTimeoutMs: 60_000 })

const NOON = Date.parse('2026-03-01T12:00:00Z')
const RANGE = 'from=2026-03-01T12:00:00Z&to=2026-03-01T13:00:00Z'

const traceId = (n: number) => n.toString(16).padStart(32, 'a')
const spanId = (n: number) => n.toString(16).padStart(16, 'b')

/** Every minute one: a gateway that calls a shop; in every third, the shop fails. */
function trace(n: number) {
  const startedAtMs = NOON + n * 60_000
  const failed = n % 3 === 0
  const root = span(traceId(n), {
    ...{ spanId: spanId(2 * n), service: 'gateway', name: 'GET /cart', kind: 'client' },
    ...{ startedAtMs, durationNs: 50_000_000 },
  })
  const called = span(traceId(n), {
    ...{ spanId: spanId(2 * n + 1), parentSpanId: root.spanId, service: 'shop', name: 'cart' },
    ...{ startedAtMs: startedAtMs + 10, startedAtNs: 123_000, durationNs: (n + 1) * 1_000_000 },
    status: failed ? 'error' : 'ok',
    data: { attributes: { order: n }, exact: JSON.rawJSON('12345678901234567890') },
  })
  // What was called ends, and comes, first.
  return [called, root]
}

beforeAll(async () => {
  await suite.writer.spans(...Array.from({ length: 12 }, (_, n) => trace(n)).flat())
  await suite.writer.spans(
    ...Array.from({ length: 30 }, (_, i) =>
      span(traceId(500), { startedAtMs: NOON + 2_000_000 + i, name: 'large' }),
    ),
  )
  await suite.writer.joinEdges()
  await suite.writer.logs(
    logEntry({
      message: 'of a trace',
      occurredAtMs: NOON,
      traceId: traceId(3),
      data: { traceId: traceId(3) },
    }),
    logEntry({ message: 'of none', occurredAtMs: NOON }),
  )
})

const list = async (query: string) => (await suite.api.get(`/api/v1/traces?${query}`)).json<TraceList>()
const found = async (query: string) =>
  (await list(`${RANGE}&limit=100&${query}`)).items.map((one) => one.traceId)

test('a trace is one row, with its root, its services and what failed', async () => {
  const { items } = await list(`${RANGE}&attr.order=3`)
  expect(items).toEqual([
    {
      traceId: traceId(3),
      startedAt: '2026-03-01T12:03:00.000000Z',
      durationMs: 50,
      ...{ spans: 2, errors: 1, services: ['gateway', 'shop'], more: false },
      root: { service: 'gateway', name: 'GET /cart', kind: 'client', status: 'unset', parentMissing: false },
    },
  ])
})

test('traces are found by what one of their spans has', async () => {
  expect(await found('service=shop&error=true')).toEqual([9, 6, 3, 0].map(traceId))
  expect(await found('service=gateway&error=true')).toEqual([])
  expect(await found('operation=large')).toEqual([traceId(500)])
  expect(await found('operation=cart&minDurationMs=11')).toEqual([11, 10].map(traceId))
  expect(await found('operation=cart&maxDurationMs=1.5')).toEqual([traceId(0)])
  expect(await found('attr.order=12')).toEqual([])
  expect((await list('')).items).toEqual([])
})

test('pages follow each other by cursor, each trace on one of them', async () => {
  const pages: string[][] = []
  let cursor: string | null = ''
  while (cursor !== null && pages.length < 20) {
    const page: TraceList = await list(`${RANGE}&limit=5${cursor && `&cursor=${cursor}`}`)
    pages.push(page.items.map((one) => one.traceId))
    cursor = page.nextCursor
  }
  expect(pages.flat()).toEqual([500, ...Array.from({ length: 12 }, (_, n) => 11 - n)].map(traceId))
  expect(pages[0]).toHaveLength(5)
})

test('a trace has its spans in their order, as they were sent, or without that', async () => {
  const path = `/api/v1/traces/${traceId(4).toUpperCase()}`
  const answer = await suite.api.get(path)
  const { spans, more } = answer.json<Trace>()
  expect(more).toBe(false)
  expect(spans.map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual([
    ['GET /cart', null],
    ['cart', spanId(8)],
  ])
  expect(spans[1]).toMatchObject({ startedAt: '2026-03-01T12:04:00.010123Z', durationMs: 5, status: 'ok' })
  expect(answer.body).toContain('12345678901234567890')
  const bare = (await suite.api.get(`${path}?data=false`)).json<Trace>()
  expect(bare.spans.map((one) => 'data' in one)).toEqual([false, false])
  const one = await suite.api.get(`${path}/spans/${spanId(9)}`)
  expect(one.body).toContain('12345678901234567890')
})

test('a trace of more spans than an answer may hold says so', async () => {
  const { spans, more } = (await suite.api.get(`/api/v1/traces/${traceId(500)}`)).json<Trace>()
  expect([spans.length, more]).toEqual([20, true])
})

test.each([
  ['/api/v1/traces/abc', 400],
  [`/api/v1/traces/${'f'.repeat(32)}`, 404],
  [`/api/v1/traces/${'f'.repeat(32)}/spans/${'f'.repeat(16)}`, 404],
  ['/api/v1/traces?cursor=abc', 400],
  ['/api/v1/traces?minDurationMs=-1', 400],
  ['/api/v1/traces?serice=a', 400],
])('%s answers %d', async (path, status) => {
  expect((await suite.api.get(path)).statusCode).toBe(status)
})

test('operations have their rate, errors and latency, whatever range is asked for in whole minutes', async () => {
  const { items, from, to } = (
    await suite.api.get(
      `/api/v1/traces/operations?service=shop&from=2026-03-01T12:00:30Z&to=2026-03-01T12:11:30Z`,
    )
  ).json<Operations>()
  expect([from, to]).toEqual(['2026-03-01T12:00:00.000Z', '2026-03-01T12:12:00.000Z'])
  expect(items).toHaveLength(1)
  expect(items[0]).toMatchObject({ operation: 'cart', kind: 'server', count: 12, errors: 4, meanMs: 6.5 })
  expect(items[0]!.perSecond).toBeCloseTo(12 / 720)
  expect(items[0]!.p50Ms).toBeGreaterThan(4)
  expect(items[0]!.p50Ms).toBeLessThan(9)
})

test('the map has services, and edges with the calls between them', async () => {
  const { services, edges, truncated } = (
    await suite.api.get(`/api/v1/traces/services?${RANGE}`)
  ).json<ServiceMap>()
  expect(truncated).toBe(false)
  expect(services.map(({ service, count }) => [service, count])).toEqual([
    ['shop', 42],
    ['gateway', 12],
  ])
  expect(edges).toMatchObject([{ caller: 'gateway', callee: 'shop', count: 12, errors: 4 }])
})

test('log entries name their trace, and are found by it', async () => {
  const answer = await suite.api.get(`/api/v1/logs?${RANGE}&trace=${traceId(3).toUpperCase()}`)
  expect(answer.json()).toMatchObject({ items: [{ message: 'of a trace', traceId: traceId(3) }] })
  const withoutLogs = await suite.api.get(`/api/v1/logs?${RANGE}&trace=${traceId(4)}`)
  expect([withoutLogs.statusCode, withoutLogs.json()]).toMatchObject([200, { items: [] }])
  const all = await suite.api.get(`/api/v1/logs?${RANGE}&q=none`)
  expect(all.json<{ items: object[] }>().items[0]).not.toHaveProperty('traceId')
})
