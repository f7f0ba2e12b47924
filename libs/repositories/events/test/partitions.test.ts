import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { storeLogs } from '../src/writes/store-logs.ts'
import { classifyFailure, ensurePartitions, removeDay } from '@runnel/repositories-database'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'
import { aLog, idAt } from './rows.ts'

const DAY_MS = 86_400_000
const MIDNIGHT = Date.UTC(2026, 4, 10)
const NOON = Date.UTC(2026, 4, 10, 12)

describe.each(ENGINES)('day partitions on %s', (engine) => {
  let database: OpenTestDatabase
  const itWithOthers = itConcurrently(engine)

  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())

  const names = async () => {
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class where relkind = 'r' and relname ~ '_p[0-9]{8}$' order by 1`.execute(
      database.kysely,
    )
    return rows.map(({ name }) => name)
  }

  it('distinguishes a missing partition from poison, and stores once it is there', async () => {
    const row = aLog({ id: idAt(NOON) })
    const failure = await storeLogs(database, [row], []).catch((error: unknown) => classifyFailure(error))
    expect(failure).toBe('missing_partition')
    await ensurePartitions(database, [NOON])
    expect(await storeLogs(database, [row], [])).toMatchObject({ stored: 1 })
  })

  it('have the index by which the entries of a trace are found', async () => {
    await ensurePartitions(database, [NOON])
    const { rows } = await sql<{ usable: boolean }>`
      select indisvalid as usable from pg_index
      where indrelid = 'log_p20260510'::regclass and pg_get_indexdef(indexrelid) like '%(trace_id) WHERE (trace_id IS NOT NULL)'`.execute(
      database.kysely,
    )
    expect(rows).toEqual([{ usable: true }])
  })

  it('may be ensured by several processes at once', async () => {
    const day = NOON + 3 * DAY_MS
    await Promise.all(Array.from({ length: 6 }, () => ensurePartitions(database, [day])))
    expect((await names()).filter((name) => name.endsWith('20260513'))).toHaveLength(9)
  })

  itWithOthers('is added while a read is open, without making inserts wait', async () => {
    await ensurePartitions(database, [NOON])
    await database.kysely.transaction().execute(async (reader) => {
      await reader.selectFrom('log').selectAll().execute()
      await ensurePartitions(database, [NOON + 5 * DAY_MS])
      expect(await storeLogs(database, [aLog({ id: idAt(NOON) })], [])).toMatchObject({ stored: 1 })
    })
    expect(await names()).toContain('log_p20260515')
  })

  it('finishes a removal that died between detach and drop', async () => {
    await ensurePartitions(database, [NOON])
    await sql`alter table log detach partition log_p20260510`.execute(database.kysely)
    const removed = await removeDay(database, MIDNIGHT)
    expect(removed).toContain('log_p20260510')
    expect(await names()).not.toContain('log_p20260510')
  })

  itWithOthers('gives up on a removal behind an open read and does it later', async () => {
    await ensurePartitions(database, [NOON])
    await database.kysely.transaction().execute(async (reader) => {
      await sql`select * from log`.execute(reader)
      await expect(removeDay(database, MIDNIGHT)).rejects.toThrow(/timeout|lock/)
    })
    await eventually(async () => {
      await removeDay(database, MIDNIGHT)
      return !(await names()).some((name) => name.endsWith('20260510'))
    })
  })
})
