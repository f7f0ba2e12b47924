import { beforeAll, expect, test } from '@jest/globals'
import type { LogRow } from '@runnel/repositories-events'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { logEntry } from './builders.ts'
import { useSuite } from './suite.ts'

// A query that waits for a lock on a slow machine does not end by itself.
const suite = useSuite({ limits: { pageBytes: 5000, queryWaitMs: 60_000 }, scanTimeoutMs: 60_000 })

const NOON = Date.parse('2026-03-01T12:00:00Z')
const MINUTE = 60_000

interface Page {
  items: { id: string; message: string | null; data: unknown; occurredAt: string }[]
  nextCursor: string | null
  prevCursor: string | null
  newestAt?: string | null
}

const at = (minutes: number, members: Partial<LogRow> = {}) =>
  logEntry({ occurredAtMs: NOON + minutes * MINUTE, ...members })

const rows = [
  at(0, {
    message: 'Payment FAILED for order 7',
    level: 'error',
    data: { attributes: { order: 7 }, level: 'error' },
  }),
  at(1, { message: 'payment done', service: 'bank', data: { order: '7' } }),
  at(2, { message: null, level: null, service: null, data: { level: 30, text: '50%_off' } }),
  at(3, { message: '50%_off', data: { a: 1e300, z: [1, { deep: null }] } }),
  ...Array.from({ length: 25 }, (_, i) => at(10, { message: `burst ${i}` })),
]

beforeAll(async () => {
  await suite.writer.logs(...rows, logEntry({ message: 'just now' }))
})

const RANGE = 'from=2026-03-01T12:00:00Z&to=2026-03-01T13:00:00Z'
const ask = async (query: string) => (await suite.api.get(`/api/v1/logs?${query}`)).json<Page>()
const messages = async (query: string) => (await ask(`${RANGE}&${query}`)).items.map(({ message }) => message)

test('without a range the last 24 hours are shown', async () => {
  expect((await ask('')).items.map(({ message }) => message)).toEqual(['just now'])
})

test('filters choose by level, service, words of the message, and attributes at either place', async () => {
  expect(await messages('level=error')).toEqual(['Payment FAILED for order 7'])
  expect(await messages('level=ERR')).toEqual(['Payment FAILED for order 7'])
  expect(await messages('level=error,nope')).toEqual(['Payment FAILED for order 7'])
  expect(await messages('level=error&level=nope')).toEqual(['Payment FAILED for order 7'])
  expect(await messages('level=')).toEqual([null])
  expect(await messages('service=bank')).toEqual(['payment done'])
  expect(await messages('q=order payment')).toEqual(['Payment FAILED for order 7'])
  expect(await messages('q="order payment"')).toEqual([])
  expect(await messages('q=payment -failed')).toEqual(['payment done'])
  expect(await messages('q=payment -"failed for"')).toEqual(['payment done'])
  // The entry without a message is searched as a whole.
  expect(await messages('q=%25_')).toEqual(['50%_off', null])
  expect(await messages('attr.order=7')).toEqual(['payment done', 'Payment FAILED for order 7'])
  expect(await messages('attr.level=30')).toEqual([null])
})

test('an entry comes back as it was sent', async () => {
  const [found] = (await ask(`${RANGE}&q=50%25_off`)).items
  expect(found?.data).toEqual(rows[3]?.data)
  const one = await suite.api.get(`/api/v1/logs/${found?.id}`)
  expect(one.json()).toEqual(found)
})

test('pages follow each other by cursor, the newest first, and hold entries of one moment once', async () => {
  const found: string[] = []
  let cursor: string | null = ''
  for (let pages = 0; cursor !== null && pages < 20; pages++) {
    const page: Page = await ask(`${RANGE}&limit=4${cursor && `&cursor=${cursor}`}`)
    found.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  }
  expect(found).toHaveLength(rows.length)
  expect(new Set(found)).toEqual(new Set(rows.map(({ id }) => id)))
})

test('from any page cursors lead to newer entries, also to such as come later', async () => {
  const { items, prevCursor: atTop } = await ask(`${RANGE}&limit=100`)
  const third: Page = await ask(`${RANGE}&limit=4&cursor=${(await ask(`${RANGE}&limit=8`)).nextCursor}`)
  const second = await ask(`${RANGE}&limit=4&cursor=${third.prevCursor}`)
  expect(second.items).toEqual(items.slice(4, 8))
  expect((await ask(`${RANGE}&limit=4&cursor=${second.nextCursor}`)).items).toEqual(third.items)
  const nothing = await ask(`${RANGE}&cursor=${atTop}`)
  expect(nothing).toEqual({ items: [], nextCursor: null, prevCursor: atTop })
  await suite.writer.logs(at(20, { message: 'came later' }))
  const newer = await ask(`${RANGE}&cursor=${nothing.prevCursor}`)
  expect(newer.items.map(({ message }) => message)).toEqual(['came later'])
  expect((await ask(`${RANGE}&limit=4&cursor=${newer.nextCursor}`)).items).toEqual(items.slice(0, 4))
})

test('an empty answer says when the newest older match occurred', async () => {
  expect(await ask('q=burst')).toEqual({
    items: [],
    nextCursor: null,
    prevCursor: null,
    newestAt: '2026-03-01T12:10:00.000Z',
  })
  expect((await ask('q=nowhere')).newestAt).toBeNull()
})

test('a page ends early when its bytes are used up, and the next one goes on', async () => {
  const large = Array.from({ length: 5 }, (_, i) =>
    at(-100 * MINUTE, { message: `large ${i}`, data: { text: 'x'.repeat(i === 4 ? 9000 : 2000) } }),
  )
  await suite.writer.logs(...large)
  const sizes: number[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: Page = await ask(`from=2000-01-01&q=large${cursor && `&cursor=${cursor}`}`)
    sizes.push(page.items.length)
    cursor = page.nextCursor
  }
  expect(sizes).toEqual([1, 2, 2])
})

test('statistics count by level and step, with every step of the range', async () => {
  const response = await suite.api.get(`/api/v1/logs/stats?${RANGE}&step=5m`)
  const { buckets, ...whole } = response.json<{
    buckets: { at: string; total: number; levels: object[] }[]
  }>()
  expect(whole).toMatchObject({
    total: 30,
    stepMs: 300_000,
    other: 0,
    levels: [{ level: 'info', count: 28 }, {}, {}],
  })
  expect(buckets).toHaveLength(12)
  expect(buckets[0]).toMatchObject({ at: '2026-03-01T12:00:00.000Z', total: 4 })
  expect(buckets[1]).toMatchObject({ total: 0, levels: [] })
  expect(buckets[2]).toMatchObject({ total: 25, levels: [{ level: 'info', count: 25 }] })
})

test('levels beyond the twenty most frequent ones are counted together', async () => {
  const DAY = Date.parse('2026-02-01')
  await suite.writer.logs(
    ...Array.from({ length: 30 }, (_, i) => logEntry({ occurredAtMs: DAY, level: `level ${i}` })),
  )
  const response = await suite.api.get('/api/v1/logs/stats?from=2026-02-01&to=2026-02-02')
  const stats = response.json<{ total: number; other: number; levels: object[] }>()
  expect([stats.total, stats.other, stats.levels.length]).toEqual([30, 10, 20])
})

test.each([
  ['from=2026-03-02&to=2026-03-01', 'from'],
  ['from=yesterday', 'from'],
  ['to=99999999999999999', 'to'],
  ['to=0001-01-01', 'to'],
  ['step=0s', 'step'],
  ['step=1ms', 'step'],
  [`attr.${'x'.repeat(300)}=1`, `attr.${'x'.repeat(95)}`],
])('statistics for %s are refused', async (query, field) => {
  const response = await suite.api.get(`/api/v1/logs/stats?${query}`)
  expect([response.statusCode, response.json().field]).toEqual([400, field])
})

test('more queries than may wait are refused at once, and those that wait are answered', async () => {
  const locked = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  // No query ends before the last one was asked.
  const holding = suite.writer.database.kysely.transaction().execute(async (trx) => {
    await sql`lock table log in access exclusive mode`.execute(trx)
    locked.resolve()
    await release.promise
  })
  await locked.promise
  const refused: string[] = []
  const asked = Array.from({ length: 30 }, async () => {
    const { statusCode, headers } = await suite.api.get('/api/v1/logs/stats')
    if (statusCode === 429) refused.push(String(headers['retry-after']))
    return statusCode
  })
  await eventually(() => refused.length === 10)
  release.resolve()
  await holding
  expect((await Promise.all(asked)).filter((status) => status === 200)).toHaveLength(20)
  expect(new Set(refused)).toEqual(new Set(['1']))
})
