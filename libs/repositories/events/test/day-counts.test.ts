import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { sql } from 'kysely'
import { countRecentDeadLetters, readDeadLetterCounts } from '../src/dead-letters/read-dead-letter-counts.ts'
import { countStoredEvents } from '../src/reads/count-stored-events.ts'
import { storeLogs } from '../src/writes/store-logs.ts'
import { aLog, idAt } from './rows.ts'

const NOON = Math.floor(Date.now() / 86_400_000) * 86_400_000 + 43_200_000

describe.each(ENGINES)('counts of a day on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [NOON, NOON + 86_400_000])
  })
  afterAll(() => database.drop())

  it('count each stored event once, by the time at which it was received', async () => {
    const times = [NOON - 1, NOON, NOON + 5000, NOON + 86_399_999, NOON + 86_400_000]
    await storeLogs(
      database,
      times.map((ms) => aLog({ id: idAt(ms) })),
      [],
    )
    const count = (fromMs: number, untilMs: number) =>
      countStoredEvents(database, 'logs', { fromMs, untilMs })
    expect(await count(NOON, NOON + 86_400_000)).toBe(3)
    expect(await count(NOON + 86_400_000, NOON + 2 * 86_400_000)).toBe(1)
    expect(await countStoredEvents(database, 'metrics', { fromMs: NOON, untilMs: NOON + 1 })).toBe(0)
  })

  it('refuse to look at more rows than one may where nothing would end the query', async () => {
    const small = { ...database, maxScanRows: 2 }
    await expect(
      countStoredEvents(small, 'logs', { fromMs: NOON, untilMs: NOON + 86_400_000 }),
    ).rejects.toMatchObject({ code: 'query_too_slow' })
  })

  it('count dead letters of the day, those that are kept, and those of the last time that wait', async () => {
    const insert = (at: string, replayed: string) =>
      sql`
      insert into dead_letter (source_id, kind, subject, payload, reason, operation, first_failed_at, last_failed_at,
        attempts, replayed_at)
      values (gen_random_uuid(), 'logs', 'logs', '{}', 'bad', 'upsert', ${sql.raw(at)}, ${sql.raw(at)}, 1,
        ${sql.raw(replayed)})`.execute(database.kysely)
    await insert('now()', 'null')
    await insert('now()', 'now()')
    await insert(`now() - interval '3 days'`, 'null')
    const period = { fromMs: Date.now() - 3_600_000, untilMs: Date.now() + 3_600_000 }
    expect(await readDeadLetterCounts(database, period)).toEqual({ kept: 3, fresh: 2 })
    expect(await countRecentDeadLetters(database, 900_000)).toBe(1)
  })
})
