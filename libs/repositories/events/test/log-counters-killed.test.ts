import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ensurePartitions, removeDay } from '@runnel/repositories-database'
import { openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { foldLogCounts } from '../src/log-counters/fold-log-counts.ts'
import { checkLogCounts } from '../src/log-counters/check-log-counts.ts'
import { rebuildLogCounts } from '../src/log-counters/rebuild-log-counts.ts'
import { storeLogs } from '../src/writes/store-logs.ts'
import { aLog, idAt } from './rows.ts'

const DAY = 86_400_000
const TODAY = Math.floor(Date.now() / DAY) * DAY

describe('counts of logs, whatever dies', () => {
  let database: OpenTestDatabase

  beforeEach(async () => {
    database = await openTestDatabase('postgres')
    await ensurePartitions(database, [TODAY])
  })
  afterEach(() => database.drop())

  const total = async (table: 'log' | 'log_minute' | 'log_minute_delta') => {
    const count = table === 'log' ? sql`count(*)` : sql`coalesce(sum(entries), 0)`
    const { rows } = await sql<{ n: number }>`select ${count}::float8 as n from ${sql.table(table)}`.execute(
      database.kysely,
    )
    return rows[0]!.n
  }
  const batch = (size = 20) =>
    Array.from({ length: size }, (_, i) => aLog({ id: idAt(TODAY + i), service: `s${i % 5}` }))

  /** Runs what has to write to a table, and ends its connection while it waits for that. */
  const killAt = async (table: 'log_minute' | 'log_minute_delta', work: () => Promise<unknown>) => {
    const release = Promise.withResolvers<void>()
    const locked = Promise.withResolvers<void>()
    const holding = database.kysely.transaction().execute(async (trx) => {
      await sql`lock table ${sql.table(table)} in share mode`.execute(trx)
      locked.resolve()
      await release.promise
    })
    await locked.promise
    const failed = work().then(
      () => 'done',
      () => 'failed',
    )
    await eventually(async () => {
      const { rows } = await sql<{ killed: boolean }>`
        select pg_terminate_backend(pid) as killed from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'relation'`.execute(
        database.kysely,
      )
      return rows.length === 1
    })
    expect(await failed).toBe('failed')
    release.resolve()
    await holding
  }

  it('count nothing of a batch that was killed behind its rows, and count it once when it comes again', async () => {
    const rows = batch()
    await killAt('log_minute_delta', () => storeLogs(database, rows, []))
    expect([await total('log'), await total('log_minute_delta')]).toEqual([0, 0])
    await storeLogs(database, rows, [])
    await storeLogs(database, rows, [])
    expect([await total('log'), await total('log_minute_delta')]).toEqual([20, 20])
  })

  it('lose and double nothing where folding was killed halfway', async () => {
    await storeLogs(database, batch(), [])
    await killAt('log_minute', () => foldLogCounts(database))
    expect([await total('log_minute'), await total('log_minute_delta')]).toEqual([0, 20])
    expect(await foldLogCounts(database)).toEqual({ folded: 5, isFull: false })
    expect(await total('log_minute')).toBe(20)
  })

  it('lose and double nothing while several fold, count anew and store', async () => {
    const store = async () => {
      for (let i = 0; i < 15; i++) await storeLogs(database, batch(7), [])
    }
    const fold = async () => {
      for (let i = 0; i < 20; i++) await foldLogCounts(database, { block: 3 })
    }
    const rebuild = async () => {
      for (let i = 0; i < 5; i++) await rebuildLogCounts(database, TODAY)
    }
    await Promise.all([store(), store(), fold(), fold(), rebuild()])
    expect((await total('log_minute')) + (await total('log_minute_delta'))).toBe(210)
    while ((await foldLogCounts(database)).folded > 0);
    expect([await total('log'), await total('log_minute')]).toEqual([210, 210])
    expect(await checkLogCounts(database, TODAY)).toBe(true)
  })

  it('go with the entries of their day, while others fold and store', async () => {
    await storeLogs(database, batch(), [])
    const storeAndFold = async () => {
      for (let i = 0; i < 10; i++) {
        await storeLogs(database, batch(3), []).catch(() => undefined)
        await foldLogCounts(database).catch(() => undefined)
      }
    }
    await Promise.all([storeAndFold(), storeAndFold(), removeDay(database, TODAY)])
    await removeDay(database, TODAY)
    await removeDay(database, TODAY)
    const { rows } = await sql`select from log_counted_day`.execute(database.kysely)
    expect([await total('log'), await total('log_minute'), await total('log_minute_delta')]).toEqual([
      0, 0, 0,
    ])
    expect(rows).toHaveLength(0)
    await ensurePartitions(database, [TODAY])
    await storeLogs(database, batch(), [])
    await foldLogCounts(database)
    expect([await total('log'), await total('log_minute')]).toEqual([20, 20])
    expect(await checkLogCounts(database, TODAY)).toBe(true)
  })
})
