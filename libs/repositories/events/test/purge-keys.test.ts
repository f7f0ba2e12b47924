import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { purgeKeys } from '../src/purge-keys.ts'
import { storeLogs } from '../src/writes/store-logs.ts'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { aLog } from './rows.ts'

const twoDaysAgo = () => Date.now() - 48 * 3_600_000

describe.each(ENGINES)('idempotency keys on %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
  })
  afterAll(() => database.drop())

  it('are forgotten after their time, and only then', async () => {
    await storeLogs(database, [aLog({ key: 'old' })], [])
    await sql`update event_key set inserted_at = now() - interval '49 hours'`.execute(database.kysely)
    await storeLogs(database, [aLog({ key: 'young' })], [])
    expect(await purgeKeys(database, twoDaysAgo(), new AbortController().signal)).toBe(1)
    expect(await storeLogs(database, [aLog({ key: 'old' })], [])).toMatchObject({ stored: 1 })
    expect(await storeLogs(database, [aLog({ key: 'young' })], [])).toMatchObject({ stored: 0 })
  })

  it('are forgotten in blocks, until the signal aborts', async () => {
    await sql`insert into event_key (kind, key_hash, event_id, inserted_at)
      select 'bulk', gen_random_uuid(), gen_random_uuid(), now() - interval '3 days'
      from generate_series(1, 25000)`.execute(database.kysely)
    expect(await purgeKeys(database, twoDaysAgo(), AbortSignal.abort())).toBe(0)
    expect(await purgeKeys(database, twoDaysAgo(), new AbortController().signal)).toBe(25_000)
  })
})
