import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { retryTransient, writeDurably, type DurableWrite } from '../src/write-durably.ts'
import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts'

interface Row {
  readonly n: number
  readonly dayMs: number
}

const DAY_MS = 86_400_000
const DAY_ONE_MS = Date.UTC(2026, 4, 10)

describe('writeDurably', () => {
  let database: OpenTestDatabase
  let attempts: number[]

  beforeAll(async () => {
    database = await openTestDatabase()
    await sql`create table written (n int not null check (n >= 0), day timestamptz not null) partition by range (day)`.execute(
      database.kysely,
    )
  })
  afterAll(() => database.drop())
  beforeEach(async () => {
    attempts = []
    const { rows } = await sql<{ name: string }>`
      select inhrelid::regclass::text as name from pg_inherits where inhparent = 'written'::regclass`.execute(
      database.kysely,
    )
    for (const { name } of rows) await sql`drop table ${sql.id(name)}`.execute(database.kysely)
  })

  const write = async (rows: readonly Row[]) => {
    attempts.push(rows.length)
    const values = JSON.stringify(rows.map(({ n, dayMs }) => ({ n, day: new Date(dayMs).toISOString() })))
    await sql`insert into written select n, day from json_to_recordset(${values}::json) as r(n int, day timestamptz)`.execute(
      database.kysely,
    )
    return rows.length
  }
  const ensurePartitions = async (rows: readonly Row[]) => {
    for (const dayMs of new Set(rows.map((row) => row.dayMs))) {
      const name = sql.id(`written_${dayMs}`)
      const [from, to] = [dayMs, dayMs + DAY_MS].map((ms) => sql.lit(new Date(ms).toISOString()))
      await sql`create table if not exists ${name} partition of written for values from (${from!}) to (${to!})`.execute(
        database.kysely,
      )
    }
  }
  const options = (changes: Partial<DurableWrite<Row, number>> = {}): DurableWrite<Row, number> => ({
    write,
    ensurePartitions,
    retryDelayMs: 1,
    onFailure: () => undefined,
    ...changes,
  })
  /** The pool may hand out the connection that was just cut. */
  const stored = async () => {
    const select = sql<{ n: number }>`select n from written order by n`
    const { rows } = await retryTransient(() => select.execute(database.kysely), options())
    return rows.map(({ n }) => n)
  }
  const someRows = (count: number, bad: readonly number[] = []): Row[] =>
    Array.from({ length: count }, (_, n) => ({
      n: bad.includes(n) ? -1 : n,
      dayMs: DAY_ONE_MS + (n % 2) * DAY_MS,
    }))

  it('creates the day partitions that the rows lack', async () => {
    const { results, poison } = await writeDurably(someRows(10), options())
    expect({ results, poison }).toEqual({ results: [10], poison: [] })
    expect(await stored()).toHaveLength(10)
  })

  it('tries again where a partition cannot be created, whatever the reason', async () => {
    let refusals = 2
    const { results, poison } = await writeDurably(
      someRows(4),
      options({
        ensurePartitions: async (rows) => {
          if (refusals-- > 0) await sql`select 1 / 0`.execute(database.kysely)
          return ensurePartitions(rows)
        },
      }),
    )
    expect({ results, poison }).toEqual({ results: [4], poison: [] })
  })

  it('finds each row that can never be stored, and stores all of its neighbours', async () => {
    const bad = [0, 31, 63]
    const { poison } = await writeDurably(someRows(64, bad), options())
    expect(poison.map(({ index }) => index)).toEqual(bad)
    expect(poison.every(({ error }) => (error as { code?: string }).code === '23514')).toBe(true)
    expect(await stored()).toEqual(Array.from({ length: 64 }, (_, n) => n).filter((n) => !bad.includes(n)))
    expect(attempts.length).toBeLessThan(64)
  })

  it('goes on after its connection was cut', async () => {
    let cuts = 2
    const failures: unknown[] = []
    const { results } = await writeDurably(
      someRows(4),
      options({
        write: async (rows) => {
          if (cuts-- > 0) await sql`select pg_terminate_backend(pg_backend_pid())`.execute(database.kysely)
          return write(rows)
        },
        onFailure: (error) => failures.push(error),
      }),
    )
    expect(results).toEqual([4])
    expect(await stored()).toEqual([0, 1, 2, 3])
    expect(failures.length).toBeGreaterThanOrEqual(2)
  })

  it('ends with what onFailure throws, and keeps what was stored by then', async () => {
    const enough = new Error('enough')
    await ensurePartitions(someRows(2))
    const written = writeDurably(
      someRows(4, [3]),
      options({
        write: async (rows) => {
          if (rows.length === 1)
            await sql`select pg_terminate_backend(pg_backend_pid())`.execute(database.kysely)
          return write(rows)
        },
        onFailure: () => {
          throw enough
        },
      }),
    )
    await expect(written).rejects.toBe(enough)
    expect(await stored()).toEqual([0, 1])
  })
})
