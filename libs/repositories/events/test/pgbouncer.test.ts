import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  connectDatabase,
  type Database,
  dayOf,
  ensurePartitions,
  migrateToLatest,
  removeDay,
  requireMigrated,
} from '@runnel/repositories-database'
import {
  createTestDatabase,
  findBinary,
  runIf,
  startPgbouncer,
  type ManagedProcess,
  type TestDatabase,
} from '@runnel/testing'
import { sql } from 'kysely'
import { findProducts } from '../src/reads/product-reads.ts'
import { storeLogs } from '../src/writes/store-logs.ts'
import { aLog } from './rows.ts'

const CLIENTS = 8
const DAY_MS = 86_400_000

runIf(
  findBinary('pgbouncer') !== undefined,
  describe,
  'pgbouncer is not installed',
)('PgBouncer in transaction mode', () => {
  let made: TestDatabase
  let pooler: ManagedProcess
  let database: Database

  const open = (): Database =>
    connectDatabase({
      ...{ url: pooler.url, directUrl: made.url },
      ...{ applicationName: 'test', poolSize: CLIENTS, statementTimeoutMs: 10_000 },
    })

  beforeAll(async () => {
    made = await createTestDatabase({ migrated: false })
    // Fewer sessions than clients, so that they take turns.
    pooler = await startPgbouncer(made.url, { sessions: 3 })
    database = open()
  })
  afterAll(async () => {
    await database?.close()
    await pooler?.close()
    await made?.drop()
  })

  it('is refused until its sessions are as Runnel needs them, with what makes them so', async () => {
    const error = await sql`select 1`.execute(database.kysely).catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('set search_path = public; ')
    expect(String(error)).toContain(`set statement_timeout = '60s'`)
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(database.sessions)
    const statements = /role or database, (.*) \(docs/.exec(String(error))![1]!.split('; ')
    for (const statement of statements)
      await sql.raw(`alter database "${rows[0]!.name}" ${statement}`).execute(database.sessions)
    // Its sessions are of before.
    await pooler.restart()
    await sql`select 1`.execute(database.kysely)
  })

  it('is noticed where it drops settings in silence', async () => {
    const dropping = await startPgbouncer(made.url, {
      ignores: 'options,statement_timeout,idle_in_transaction_session_timeout',
    })
    const unaware = connectDatabase({
      ...{ url: dropping.url, applicationName: 'test', poolSize: 1, statementTimeoutMs: 10_000 },
    })
    await expect(sql`select 1`.execute(unaware.kysely)).rejects.toThrow('set DATABASE_DIRECT_URL')
    await unaware.close()
    await dropping.close()
  })

  it('lets migrations run past it, and everything else over it', async () => {
    await migrateToLatest(database)
    await requireMigrated(database)
    const today = dayOf(Date.now())
    await ensurePartitions(database, [today, today - 9 * DAY_MS])
    // COPY, advisory locks and settings of transactions, and statements that are prepared elsewhere, from more clients than it has sessions.
    const rows = Array.from({ length: 40 }, () => [aLog()])
    await Promise.all(rows.map((one) => storeLogs(database, one, [])))
    await Promise.all(rows.map((one) => storeLogs(database, one, [])))
    await Promise.all(rows.map(() => findProducts(database, [1])))
    const { rows: counted } = await sql<{ n: number }>`select count(*)::int as n from log`.execute(
      database.kysely,
    )
    expect(counted).toEqual([{ n: 40 }])
    // Under a lock of the session, with a setting of the session, while others take their turns.
    let isRemoved = false
    const others = Array.from({ length: CLIENTS }, async () => {
      while (!isRemoved) await storeLogs(database, [aLog()], [])
    })
    const removed = await removeDay(database, today - 9 * DAY_MS).finally(() => (isRemoved = true))
    expect(removed.length).toBeGreaterThan(0)
    await Promise.all(others)
    const locks = await sql`select 1 from pg_locks where locktype = 'advisory'`.execute(database.kysely)
    expect(locks.rows).toEqual([])
  })
})
