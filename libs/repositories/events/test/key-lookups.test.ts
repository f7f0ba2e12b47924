import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Schema } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { sql, type Transaction } from 'kysely'
import { claimKeys } from '../src/writes/claim-keys.ts'
import { aLog } from './rows.ts'

const KEPT_KEYS = 20_000
const BATCH = 2000
/** Each key is met by the insertion, by the search for conflicts and by the removal, under its name and that of its item. */
const READS_OF_A_KEY = 8

describe.each(ENGINES)('the keys of a batch on %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    // As in a table that has just grown: it has no statistics.
    await sql`
      insert into event_key (kind, key_hash, event_id)
      select 'logs', md5('key' || n)::uuid, md5('event' || n)::uuid
      from generate_series(1, ${sql.lit(KEPT_KEYS)}) n`.execute(database.kysely)
  })
  afterAll(() => database.drop())

  it.each([
    ['their places', undefined],
    ['their texts', `${'a'.repeat(43)}.0`],
  ])(
    'are looked up one by one, however many others there are, where events are known by %s',
    async (_, item) => {
      const batch = () =>
        Array.from({ length: BATCH }, (_, n) =>
          aLog({
            key: `${item === undefined ? 'place' : 'text'}${n}#0`,
            ...(item !== undefined && { item }),
          }),
        )
      await database.kysely.transaction().execute(async (trx) => {
        const first = await claimKeys(trx, 'logs', batch())
        expect(first.rows).toHaveLength(BATCH)
      })
      await database.kysely.transaction().execute(async (trx) => {
        const before = await countReads(trx)
        const again = await claimKeys(trx, 'logs', batch())
        expect(again).toMatchObject({ rows: [], reused: [] })
        expect(again.duplicates).toHaveLength(BATCH)
        expect((await countReads(trx)) - before).toBeLessThan(BATCH * READS_OF_A_KEY)
      })
    },
  )
})

/** Rows of the table of keys that this connection has looked at. */
async function countReads(trx: Transaction<Schema>): Promise<number> {
  const { rows } = await sql<{ reads: number }>`
    select coalesce(seq_tup_read + coalesce(idx_tup_fetch, 0), 0)::float8 as reads
    from pg_stat_xact_user_tables where relname = 'event_key'`.execute(trx)
  return rows[0]!.reads
}
