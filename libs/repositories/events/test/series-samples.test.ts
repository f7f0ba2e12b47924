import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { readSeriesSamples, type SamplePage } from '../src/reads/read-series-samples.ts'
import { storeMetrics } from '../src/writes/store-metrics.ts'
import { aMetric } from './rows.ts'

const NOON = Date.UTC(2026, 2, 1, 12)

describe.each(ENGINES)('samples of a series on %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
    const numbers = Array.from({ length: 5 }, (_, i) => aMetric({ value: i, occurredAtMs: NOON + 2 * i }))
    const histograms = Array.from({ length: 5 }, (_, i) =>
      aMetric({
        ...{ name: i < 4 ? 'size' : 'other', value: null, occurredAtMs: NOON + 2 * i + 1 },
        data: { nativeHistogram: { count: i, text: 'x'.repeat(100) } },
      }),
    )
    const sizes = numbers.map((row) => ({ ...aMetric(row), name: 'size', id: aMetric().id }))
    await storeMetrics(database, [...numbers, ...sizes, ...histograms], [])
  })
  afterAll(() => database.drop())

  async function readAll(name: string, maxBytes: number): Promise<SamplePage['samples'][]> {
    const pages: SamplePage['samples'][] = []
    for (let page: SamplePage | undefined; page === undefined || page.next !== undefined;) {
      const filter = { name, tags: [], fromMs: NOON, toMs: undefined }
      page = await readSeriesSamples(database, filter, { limit: 6, maxBytes, seed: 1, after: page?.next })
      pages.push(page.samples)
    }
    return pages
  }

  it('are read with their native histograms, in pages that end by rows or behind too many bytes', async () => {
    const whole = await readAll('size', 1e6)
    expect(whole.map(({ length }) => length)).toEqual([6, 3])
    const all = whole.flat()
    expect(all.map(({ atMs }) => atMs - NOON)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(all.map(({ value, histogram }) => value ?? JSON.parse(histogram!).count)).toEqual([
      ...[0, 0, 1, 1, 2, 2, 3, 3, 4],
    ])
    const cut = await readAll('size', 200)
    expect(cut.map(({ length }) => length)).toEqual([4, 4, 1])
    expect(cut.flat()).toEqual(all)
    expect((await readAll('size', 1)).flat()).toEqual(all)
  })

  it('have none where they are all numbers', async () => {
    const pages = await readAll('cpu', 1)
    expect(pages.map((page) => page.map(({ histogram }) => histogram))).toEqual([Array(5).fill(null)])
  })
})
