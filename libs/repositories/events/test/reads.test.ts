import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findNewestLogBefore, listLogs } from '../src/reads/log-reads.ts'
import { countLogs } from '../src/reads/count-logs.ts'
import { listMetricNames } from '../src/reads/list-metric-names.ts'
import { listMetrics } from '../src/reads/metric-reads.ts'
import { readMetricSeries } from '../src/reads/read-metric-series.ts'
import { listProducts } from '../src/reads/list-products.ts'
import { findProducts, listRecentProducts } from '../src/reads/product-reads.ts'
import { storeLogs } from '../src/writes/store-logs.ts'
import { storeMetrics } from '../src/writes/store-metrics.ts'
import { storeProducts } from '../src/writes/store-products.ts'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { aLog, aMetric, aProduct } from './rows.ts'

const HOUR_MS = 3_600_000
const page = { limit: 10, maxBytes: 1e6 }
const limits = { items: 5, bytes: 1e6 }
const recent = { fromMs: Date.now() - HOUR_MS }

describe.each(ENGINES)('reading from %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
    const logs = ['info', 'info', 'warn'].map((level, i) =>
      aLog({ level, message: `Message ${i}`, data: { attributes: { shop: i } } }),
    )
    await storeLogs(database, logs, [])
    await storeMetrics(
      database,
      [1, 2, 6].map((value) => aMetric({ value, tags: { host: `h${value % 2}` } })),
      [],
    )
    await storeProducts(database, [aProduct({ productId: 1 }), aProduct({ productId: 2, name: 'Mug' })], [])
  })
  afterAll(() => database.drop())

  it('pages through logs, the newest first, and filters them', async () => {
    const first = await listLogs(database, recent, { ...page, limit: 2 })
    expect(first).toMatchObject({ more: true, items: [{ message: 'Message 2' }, { message: 'Message 1' }] })
    const rest = await listLogs(database, recent, { ...page, after: first.items[1] })
    expect(rest).toMatchObject({ more: false, items: [{ message: 'Message 0' }] })
    const found = await listLogs(
      database,
      { ...recent, levels: ['info'], words: ['MESSAGE'], attributes: [['shop', '1']] },
      page,
    )
    expect(found.items).toMatchObject([{ message: 'Message 1' }])
  })

  it('reads towards newer logs as well, the nearest of them, the newest first', async () => {
    const { items } = await listLogs(database, recent, page)
    const oldest = items.at(-1)!
    const next = await listLogs(database, recent, { ...page, limit: 1, before: oldest })
    expect(next).toMatchObject({ more: true, items: [{ message: 'Message 1' }] })
    const all = await listLogs(database, recent, { ...page, before: oldest })
    expect(all).toMatchObject({ more: false, items: [{ message: 'Message 2' }, { message: 'Message 1' }] })
    expect((await listLogs(database, recent, { ...page, before: items[0] })).items).toEqual([])
  })

  it('finds when the newest match before a range occurred', async () => {
    const old = Date.parse('2019-06-01T12:00:00Z')
    await storeLogs(
      database,
      [aLog({ occurredAtMs: old, service: 'replay' }), aLog({ occurredAtMs: old - 1, service: 'older' })],
      [],
    )
    expect(await findNewestLogBefore(database, {}, recent.fromMs)).toBe(old)
    expect(await findNewestLogBefore(database, { service: 'older' }, recent.fromMs)).toBe(old - 1)
    expect(await findNewestLogBefore(database, { service: 'nope' }, recent.fromMs)).toBeUndefined()
    expect(await findNewestLogBefore(database, {}, old - 1)).toBeUndefined()
  })

  it('counts logs by level and step', async () => {
    const counts = await countLogs(database, recent, 2 * HOUR_MS)
    const sum = (level: string) =>
      counts.filter((one) => one.level === level).reduce((n, { count }) => n + count, 0)
    expect([sum('info'), sum('warn')]).toEqual([2, 1])
  })

  it('aggregates metrics into series, also by a tag', async () => {
    const filter = { ...recent, name: 'cpu' }
    const options = { stepMs: 24 * HOUR_MS, aggregate: 'sum' as const, maxSeries: 5 }
    const total = (points: readonly { value: number }[]) => points.reduce((sum, { value }) => sum + value, 0)
    expect(total((await readMetricSeries(database, filter, options)).points)).toBe(9)
    const byHost = await readMetricSeries(database, filter, { ...options, by: 'host', maxSeries: 1 })
    expect([total(byHost.points), byHost.truncated]).toEqual([8, true])
    expect((await listMetrics(database, { ...filter, tags: [['host', 'h1']] }, page)).items).toHaveLength(1)
    expect(await listMetricNames(database, limits)).toMatchObject({
      items: [{ name: 'cpu', value: 6 }],
      more: false,
    })
  })

  it('gives the products that were updated last, and no more bytes than are asked for', async () => {
    const recentIds = async (bytes: number) =>
      (await listRecentProducts(database, { items: 5, bytes })).value.items.map(({ id }) => id)
    expect((await recentIds(1e6)).sort()).toEqual([1, 2])
    expect(await recentIds(1)).toHaveLength(1)
  })

  it('finds products by id and by words', async () => {
    const { value } = await findProducts(database, [3, 2, 2])
    expect([...value]).toMatchObject([[2, { id: 2, name: 'Mug', price: 10 }]])
    expect((await findProducts(database, [])).value.size).toBe(0)
    expect((await listProducts(database, { limits, words: ['mug'] })).value.items).toMatchObject([{ id: 2 }])
  })

  it('refuses reads that would look at too many rows, where rows are what bounds them', async () => {
    const bounded = { ...database, maxScanRows: 2 }
    const slow = { code: 'query_too_slow' }
    await expect(countLogs(bounded, recent, HOUR_MS)).rejects.toMatchObject(slow)
    await expect(listLogs(bounded, { ...recent, levels: ['warn'] }, page)).rejects.toMatchObject(slow)
    await expect(listMetrics(bounded, { ...recent, name: 'cpu' }, page)).rejects.toMatchObject(slow)
    const options = { stepMs: HOUR_MS, aggregate: 'avg' as const, maxSeries: 5 }
    await expect(readMetricSeries(bounded, { ...recent, name: 'cpu' }, options)).rejects.toMatchObject(slow)
    expect((await listLogs(bounded, recent, page)).items).toHaveLength(3)
    expect(await countLogs({ ...database, maxScanRows: 3 }, recent, HOUR_MS)).not.toHaveLength(0)
  })
})
