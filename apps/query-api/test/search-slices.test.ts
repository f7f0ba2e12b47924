import { beforeAll, describe, expect, it } from '@jest/globals'
import { logEntry } from './builders.ts'
import { useSuite } from './suite.ts'

const NOON = Date.parse('2026-03-01T12:00:00Z')
const RANGE = 'from=2026-03-01&to=2026-03-02'
/** Entries of a second each; every 10th is rare, and 60 of one moment. */
const ENTRIES = 500

interface Page {
  items: { message: string; occurredAt: string }[]
  nextCursor: string | null
  prevCursor: string | null
  searchedTo?: string
  newestAt?: string | null
}

interface Stats {
  total: number
  countedFrom?: string
  buckets: { at: string; total: number }[]
}

const rows = Array.from({ length: ENTRIES }, (_, i) =>
  logEntry({
    occurredAtMs: NOON + Math.max(0, i - 60) * 1000,
    message: `entry ${i}`,
    service: i % 10 === 0 ? 'rare' : 'common',
    data: { attributes: { place: i % 10 === 0 ? 'x'.repeat(50) : 'y', first: i === 0 } },
  }),
)
const rare = rows
  .filter(({ service }) => service === 'rare')
  .map(({ id, message, occurredAtMs }) => ({ id, message, occurredAtMs }))
  .sort((a, b) => b.occurredAtMs - a.occurredAtMs || (a.id < b.id ? 1 : -1))
  .map(({ message }) => message)

describe.each([
  ['whose time is over after each slice', { searchMs: 0, searchRows: 37 }],
  ['that ends in time', { searchMs: 600_000, searchRows: 37 }],
])('a search in slices %s', (_, limits) => {
  const suite = useSuite({ limits })
  beforeAll(() => suite.writer.logs(...rows))

  const ask = async (query: string) => (await suite.api.get(`/api/v1/logs?${RANGE}&${query}`)).json<Page>()

  /** Follows the cursor to the end. */
  const walk = async (query: string, cursorOf: (page: Page) => string | null, first: Page) => {
    const pages = [first]
    for (let cursor = cursorOf(first); cursor !== null && pages.length < 200;) {
      const page = await ask(`${query}&cursor=${cursor}`)
      pages.push(page)
      const next = cursorOf(page)
      cursor = next === cursor ? null : next
    }
    return pages
  }

  it.each(['service=rare', `attr.place=${'x'.repeat(50)}`, `q=entry&service=rare`, 'service=rare&limit=3'])(
    'finds each match once, in order, by following the cursor: %s',
    async (query) => {
      const pages = await walk(query, ({ nextCursor }) => nextCursor, await ask(query))
      expect(pages.flatMap(({ items }) => items.map(({ message }) => message))).toEqual(rare)
      expect(pages.at(-1)!.searchedTo).toBeUndefined()
      expect(pages.some(({ searchedTo }) => searchedTo !== undefined)).toBe(limits.searchMs === 0)
      for (const { searchedTo, items } of pages)
        for (const { occurredAt } of searchedTo === undefined ? [] : items)
          expect(occurredAt >= searchedTo!).toBe(true)
    },
  )

  it('finds newer ones by following the cursor in the other direction', async () => {
    const pages = await walk(
      'service=rare&limit=100',
      ({ nextCursor }) => nextCursor,
      await ask('service=rare'),
    )
    const oldest = pages.at(-1)!
    const back = await walk('service=rare&limit=4', ({ prevCursor }) => prevCursor, oldest)
    const newer = back.slice(1).reverse()
    const found = newer.flatMap(({ items }) => items.map(({ message }) => message))
    expect(found).toEqual(rare.slice(0, rare.length - oldest.items.length))
  })

  it('says of nothing when the newest match was only where the whole range was searched', async () => {
    const pages = await walk('service=nope', ({ nextCursor }) => nextCursor, await ask('service=nope'))
    expect(pages.flatMap(({ items }) => items)).toEqual([])
    expect(pages[0]!.newestAt).toBe(limits.searchMs === 0 ? undefined : null)
  })

  it('counts the newest first, and the others from where it ended', async () => {
    const buckets = new Map<string, number>()
    let to = '2026-03-02'
    let asked = 0
    for (let from: string | undefined = to; from !== undefined && asked < 200; asked++) {
      const query = `from=2026-03-01T06:00:00Z&to=${to}&step=5m&q=entry`
      const stats: Stats = (await suite.api.get(`/api/v1/logs/stats?${query}`)).json()
      for (const { at, total } of stats.buckets) buckets.set(at, (buckets.get(at) ?? 0) + total)
      expect(stats.total).toBe(stats.buckets.reduce((sum, { total }) => sum + total, 0))
      from = stats.countedFrom
      to = from ?? to
    }
    expect([...buckets.values()].reduce((sum, count) => sum + count, 0)).toBe(ENTRIES)
    expect(buckets.get('2026-03-01T12:00:00.000Z')).toBe(360)
    expect(asked > 1).toBe(limits.searchMs === 0)
  })

  it('exports each match once, however often it goes on', async () => {
    const { body } = await suite.api.get(`/api/v1/logs/export?${RANGE}&service=rare`)
    const lines = body.trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(rare)
  })
})
