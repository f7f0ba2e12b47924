import { beforeAll, expect, test } from '@jest/globals'
import type { MetricRow } from '@runnel/repositories-events'
import { metric } from './builders.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()
const NOON = Date.parse('2026-03-01T12:00:00Z')
const RANGE = 'from=2026-03-01T12:00:00Z&to=2026-03-01T12:05:00Z'

const at = (seconds: number, value: number | null, members: Partial<MetricRow> = {}) =>
  metric({ occurredAtMs: NOON + seconds * 1000, value, ...members })

beforeAll(async () => {
  await suite.writer.metrics(
    at(0, 1, { tags: { host: 'a' } }),
    at(59, 3, { tags: { host: 'b' }, data: { value: 3, tags: { host: 'b' } }, extra: { more: true } }),
    at(60, null),
    at(120, 10, { tags: { host: 'a' } }),
    at(600, 5, { unit: 'ms' }),
    at(0, 7, { name: 'other' }),
  )
})

interface Series {
  series: { tag?: { name: string; value: string | null }; points: { at: string; value: number | null }[] }[]
  truncated: boolean
}

const series = async (query: string) =>
  (await suite.api.get(`/api/v1/metrics/series?name=load&${RANGE}&${query}`)).json<Series>()

test.each([
  ['avg', 2],
  ['min', 1],
  ['max', 3],
  ['sum', 4],
  ['count', 2],
  ['p50', 2],
  ['p95', 2.9],
  ['p99', 2.98],
])('a series by minute of %s starts with %d and shows gaps', async (agg, first) => {
  const { points } = (await series(`step=1m&agg=${agg}`)).series[0]!
  expect(points[0]).toEqual({ at: '2026-03-01T12:00:00.000Z', value: expect.closeTo(first, 9) })
  expect(points.map(({ value }) => value === null)).toEqual([false, true, false, true, true])
})

test('a tag splits a series, and tags choose metrics', async () => {
  const byHost = await series('step=5m&by=host&agg=sum')
  expect(byHost.series.map(({ tag, points }) => [tag?.value, points[0]?.value])).toEqual([
    ['a', 11],
    ['b', 3],
  ])
  const chosen = await series('step=5m&agg=sum&tag.host=b')
  expect(chosen.series[0]?.points[0]?.value).toBe(3)
})

test('series beyond the limit are left out, and the answer says so', async () => {
  await suite.writer.metrics(
    ...Array.from({ length: 8 }, (_, i) => metric({ name: 'wide', value: i, tags: { n: i } })),
  )
  const response = await suite.api.get('/api/v1/metrics/series?name=wide&by=n&step=1d')
  const { series: found, truncated } = response.json<Series>()
  expect([found.length, truncated]).toEqual([5, true])
})

test('names come in their order with their newest value', async () => {
  const first = await suite.api.get('/api/v1/metrics/names?limit=1')
  const { items, nextCursor } = first.json<{ items: object[]; nextCursor: string }>()
  expect(items).toEqual([{ name: 'load', value: 5, unit: 'ms', occurredAt: '2026-03-01T12:10:00.000Z' }])
  const second = await suite.api.get(`/api/v1/metrics/names?limit=1&cursor=${nextCursor}`)
  expect(second.json()).toMatchObject({ items: [{ name: 'other', value: 7 }] })
})

test('a metric comes back as it was sent', async () => {
  const response = await suite.api.get(`/api/v1/metrics?name=load&tag.host=b&${RANGE}`)
  const { items } = response.json<{ items: { id: string }[] }>()
  expect(items).toEqual([
    expect.objectContaining({
      value: 3,
      tags: { host: 'b' },
      data: { value: 3, tags: { host: 'b' } },
      extra: { more: true },
      occurredAt: '2026-03-01T12:00:59.000Z',
    }),
  ])
  expect((await suite.api.get(`/api/v1/metrics/${items[0]?.id}`)).json()).toEqual(items[0])
})

test('a series with more steps than allowed is refused with the step that would do', async () => {
  const response = await suite.api.get('/api/v1/metrics/series?name=load&step=1s')
  expect(response.json()).toMatchObject({
    status: 400,
    field: 'step',
    expected: expect.stringContaining('174s'),
  })
})

const SERIES = '/api/v1/metrics/series'

interface Stepped extends Series {
  stepMs: number
  intervalMs: number | null
}

test('a step that is not asked for is no shorter than what lies between two values with the same tags', async () => {
  const every = (seconds: number, name: string, hosts: readonly string[]) =>
    Array.from({ length: 12 }, (_, i) => i).flatMap((i) =>
      // The clocks of hosts differ a little, and so do their seconds.
      hosts.map((host, j) => at(i * seconds + j * 0.4 + (i % 2) / 10, 1, { name, tags: { host } })),
    )
  await suite.writer.metrics(
    ...every(60, 'by minute', ['a', 'b', 'c']),
    ...every(10, 'by ten seconds', ['a']),
    at(0, 1, { name: 'once' }),
  )
  const read = async (name: string, more = '') =>
    (await suite.api.get(`${SERIES}?name=${name}&${RANGE}${more}`)).json<Stepped>()
  const byMinute = await read('by minute')
  expect([byMinute.stepMs, Math.round(byMinute.intervalMs! / 1000)]).toEqual([60_000, 60])
  expect(byMinute.series[0]!.points.every(({ value }) => value !== null)).toBe(true)
  expect((await read('by ten seconds')).stepMs).toBe(10_000)
  expect((await read('by minute', '&step=10s')).stepMs).toBe(10_000)
  expect(await read('once')).toMatchObject({ stepMs: 5000, intervalMs: null })
})

test('the rate of counters is what each grew by per second, summed, also where one began again', async () => {
  const counter = (host: string, ...values: number[]) =>
    values.map((value, i) => at(i * 30, value, { name: 'calls', tags: { host } }))
  // By 2 a second; by 1 a second, and from 0 again after a minute.
  await suite.writer.metrics(
    ...counter('a', 1000, 1060, 1120, 1180, 1240, 1300),
    ...counter('b', 500, 530, 560, 30, 60, 90),
  )
  const read = async (more: string) =>
    (await suite.api.get(`${SERIES}?name=calls&${RANGE}&agg=rate&step=1m${more}`)).json<Series>().series
  const values = (points: Series['series'][number]['points']) => points.map(({ value }) => value)
  const [all] = await read('')
  expect(values(all!.points)).toEqual([3, 3, 3, null, null])
  const byHost = await read('&by=host')
  expect(byHost.map(({ tag, points }) => [tag?.value, points[1]?.value])).toEqual([
    ['a', 2],
    ['b', 1],
  ])
})
