import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { readLevelName } from '@runnel/contracts'
import { parseLogQuery } from '@runnel/contracts/log-query'
import fc from 'fast-check'
import { sql } from 'kysely'
import { foldLogCounts } from '../src/log-counters/fold-log-counts.ts'
import { readLogCounts } from '../src/log-counters/read-log-counts.ts'
import { readLogValueCounts } from '../src/log-counters/read-log-value-counts.ts'
import { checkLogCounts } from '../src/log-counters/check-log-counts.ts'
import { listCountedDays, rebuildLogCounts } from '../src/log-counters/rebuild-log-counts.ts'
import { sweepLogCounts } from '../src/log-counters/sweep-log-counts.ts'
import { countLogs, type LogCount } from '../src/reads/count-logs.ts'
import { countLogValues } from '../src/reads/count-log-values.ts'
import type { LogValueCounts } from '../src/reads/rank-log-values.ts'
import type { LogRow } from '../src/writes/event-rows.ts'
import { storeLogs } from '../src/writes/store-logs.ts'
import { aLog, idAt } from './rows.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const TODAY = Math.floor(Date.now() / DAY) * DAY
const RUNS = 80

const log = fc
  .record({
    receivedMs: fc.integer({ min: TODAY - DAY, max: TODAY + DAY - 1 }),
    occurredAtMs: fc.integer({ min: TODAY - 3 * MINUTE, max: TODAY + 3 * MINUTE }),
    level: fc.constantFrom(null, '', 'info', 'warn', 'notice'),
    service: fc.constantFrom(null, '', 'shop', 'bank', 'auth', 'mail'),
  })
  .map(({ receivedMs, ...row }) => aLog({ id: idAt(receivedMs), ...row }))

const time = fc.integer({ min: TODAY - 4 * MINUTE, max: TODAY + 4 * MINUTE })
const question = fc.record(
  {
    range: fc.tuple(time, time).map(([a, b]) => ({ fromMs: Math.min(a, b), toMs: Math.max(a, b) + 1 })),
    levels: fc.subarray(['', 'info', 'warn', 'notice', 'nope'], { minLength: 1 }),
    service: fc.constantFrom('', 'shop', 'bank', 'auth', 'nope'),
    query: fc
      .constantFrom(
        ...[
          '',
          'level:error,info',
          '-level:info',
          'level:*',
          'level:"" OR service:shop',
          '-(service:bank level:>=warn)',
        ],
        ...['service:(shop OR bank)', 'service:*', '-service:/a/', 'service:""'],
      )
      .map(parseLogQuery),
    step: fc.constantFrom(1, 2, 5, 1440),
    field: fc.constantFrom<'level' | 'service'>('level', 'service'),
  },
  { requiredKeys: ['range', 'step', 'field'] },
)

/** Added up, in an order of its own. */
function sums(counts: readonly LogCount[]): [string, number][] {
  const found = new Map<string, number>()
  for (const { atMs, level, count } of counts) {
    const name = `${atMs} ${JSON.stringify(level)}`
    found.set(name, (found.get(name) ?? 0) + count)
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Of all parts, in an order of its own. */
function addUp(parts: readonly LogValueCounts[]) {
  const found = new Map<string, number>()
  for (const { values } of parts)
    for (const { value, count } of values) {
      const name = readLevelName(value)
      found.set(name, (found.get(name) ?? 0) + count)
    }
  const sum = (name: 'total' | 'without' | 'others') => parts.reduce((all, part) => all + part[name], 0)
  return [[...found].sort(([a], [b]) => (a < b ? -1 : 1)), sum('total'), sum('without'), sum('others')]
}

describe.each(ENGINES)('counts of logs by minute on %s', (engine) => {
  let database: OpenTestDatabase
  let rows: LogRow[]

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [TODAY - DAY, TODAY])
    rows = fc.sample(log, { numRuns: 300, seed: 7 })
  })
  afterAll(() => database.drop())

  const total = async (table: 'log_minute' | 'log_minute_delta') => {
    const { rows: found } = await sql<{ entries: number }>`
      select coalesce(sum(entries), 0)::float8 as entries from ${sql.table(table)}`.execute(database.kysely)
    return found[0]!.entries
  }

  /** @returns how many questions the counts answered */
  const compare = async () => {
    let answered = 0
    await fc.assert(
      fc.asyncProperty(question, async ({ range, step, field, ...conditions }) => {
        const filter = { ...range, ...conditions }
        const counts = await readLogCounts(database, filter, step * MINUTE)
        if (counts === undefined) return
        answered++
        expect(sums(counts)).toEqual(sums(await countLogs(database, filter, step * MINUTE)))
        const values = await readLogValueCounts(database, filter, field)
        expect(addUp(values!)).toEqual(addUp([await countLogValues(database, filter, [field])]))
      }),
      { numRuns: RUNS, seed: 11 },
    )
    return answered
  }

  it('are what the entries say, whatever is asked, and whether they were folded or not', async () => {
    await storeLogs(database, rows.slice(0, 100), [])
    expect(await compare()).toBeGreaterThan(RUNS / 2)
    expect(await foldLogCounts(database)).toMatchObject({ isFull: false })
    expect(await total('log_minute_delta')).toBe(0)
    await storeLogs(database, rows.slice(100), [])
    expect(await compare()).toBeGreaterThan(RUNS / 2)
    await foldLogCounts(database)
    expect(await compare()).toBeGreaterThan(RUNS / 2)
    expect(await total('log_minute')).toBe(300)
  })

  it('count nothing of what the broker delivers again, beside what is new', async () => {
    const fresh = [aLog(), aLog()]
    expect(await storeLogs(database, [...rows.slice(0, 50), ...fresh, fresh[0]!], [])).toMatchObject({
      stored: 2,
      repeated: 51,
    })
    await foldLogCounts(database)
    expect(await total('log_minute')).toBe(302)
    const key = { key: 'once' }
    await storeLogs(database, [aLog({ ...key, data: 1 }), aLog({ ...key, data: 1 })], [])
    await foldLogCounts(database)
    expect(await total('log_minute')).toBe(303)
  })

  it('do not answer where other conditions, parts of minutes or short steps are asked for', async () => {
    const range = { fromMs: TODAY - 2 * MINUTE, toMs: TODAY + 2 * MINUTE }
    const ask = (more: object, step = MINUTE) => readLogCounts(database, { ...range, ...more }, step)
    expect(await ask({})).not.toBeUndefined()
    expect(await ask({ words: [], attributes: [] })).not.toBeUndefined()
    expect(await ask({ words: ['a'] })).toBeUndefined()
    expect(await ask({ without: ['a'] })).toBeUndefined()
    expect(await ask({ attributes: [['a', 'b']] })).toBeUndefined()
    expect(await ask({ traceId: 'a'.repeat(32) })).toBeUndefined()
    expect(await ask({}, 30_000)).toBeUndefined()
    expect(await ask({ query: parseLogQuery('level:info -service:x') })).not.toBeUndefined()
    expect(await ask({ query: parseLogQuery('level:info OR message:x') })).toBeUndefined()
    expect(await ask({ fromMs: TODAY + 1, toMs: TODAY + 2 * MINUTE - 1 })).toBeUndefined()
  })

  it('notice entries that are not counted, and hold again once they are counted anew', async () => {
    const range = { fromMs: TODAY - 3 * MINUTE, toMs: TODAY + 3 * MINUTE }
    await sql`
      insert into log (id, received_at, occurred_at, level, data)
      select ${idAt(TODAY - 1)}::uuid, ${new Date(TODAY - 1)}, ${new Date(TODAY)}, ' WARNING', '{}'`.execute(
      database.kysely,
    )
    expect(await checkLogCounts(database, TODAY)).toBe(true)
    expect(await checkLogCounts(database, TODAY - DAY)).toBe(false)
    expect(await readLogCounts(database, range, MINUTE)).toBeUndefined()
    expect(await listCountedDays(database)).toEqual([
      { dayMs: TODAY - DAY, holds: false },
      { dayMs: TODAY, holds: true },
    ])
    const stored = await sql<{ n: number }>`
      select count(*)::float8 as n from log where received_at < ${new Date(TODAY)}`.execute(database.kysely)
    expect(await rebuildLogCounts(database, TODAY - DAY)).toBe(stored.rows[0]!.n)
    expect(await compare()).toBeGreaterThan(RUNS / 2)
    await foldLogCounts(database)
    expect(await compare()).toBeGreaterThan(RUNS / 2)
    expect(await checkLogCounts(database, TODAY - DAY)).toBe(true)
  })

  it('are compared with the entries once their day is over, one day at a time', async () => {
    const old = [TODAY - 5 * DAY, TODAY - 4 * DAY]
    await ensurePartitions(database, old)
    await storeLogs(
      database,
      old.map((ms) => aLog({ id: idAt(ms) })),
      [],
    )
    await sql`delete from log_minute_delta where received_at = ${new Date(old[1]!)}`.execute(database.kysely)
    expect(await sweepLogCounts(database)).toEqual({ dayMs: old[0], agrees: true })
    expect(await sweepLogCounts(database)).toEqual({ dayMs: old[1], agrees: false })
    expect(await sweepLogCounts(database)).toEqual({ dayMs: undefined, agrees: true })
  })

  it('count the names beyond the limit together, and let questions for those look at the entries', async () => {
    const other = await openTestDatabase(engine)
    try {
      await ensurePartitions(other, [TODAY])
      const max = { services: 2, levels: 2 }
      const store = async (...members: Partial<LogRow>[]) => {
        await storeLogs(
          other,
          members.map((one) => aLog({ id: idAt(TODAY), occurredAtMs: TODAY, ...one })),
          [],
        )
        await foldLogCounts(other, { max })
      }
      const range = { fromMs: TODAY, toMs: TODAY + MINUTE }
      const ask = async (filter: object) =>
        (await readLogCounts(other, { ...range, ...filter }, MINUTE))?.map(({ level, count }) => [
          level,
          count,
        ])
      await store({ service: 'a' }, { service: 'b' }, { service: null })
      expect(await ask({ service: 'c' })).toEqual([])
      await store({ service: 'c' }, { service: 'a' })
      expect(await ask({ service: 'a' })).toEqual([['info', 2]])
      expect(await ask({ service: 'b' })).toEqual([['info', 1]])
      expect(await ask({ service: 'c' })).toBeUndefined()
      expect(await ask({})).toEqual([['info', 5]])
      expect(await ask({ query: parseLogQuery('-service:(a OR b)') })).toEqual([['info', 2]])
      expect(await ask({ query: parseLogQuery('service:c') })).toBeUndefined()
      expect(await ask({ query: parseLogQuery('service:*') })).toBeUndefined()
      expect(await readLogValueCounts(other, range, 'service')).toMatchObject([
        { total: 5, without: 1, others: 1, values: [{ value: 'a', count: 2 }, { value: 'b' }] },
      ])
      await store({ level: 'warn' }, { level: 'odd' })
      expect(await ask({})).toBeUndefined()
      expect(await ask({ levels: ['info'] })).toBeUndefined()
    } finally {
      await other.drop()
    }
  })
})
