import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ensurePartitions, type Schema } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { sql, type Transaction } from 'kysely'
import { randomBytes } from 'node:crypto'
import { readTrace } from '../src/reads/read-trace.ts'
import { storeSpans } from '../src/writes/store-spans.ts'
import { aSpan } from './rows.ts'

const TRACE = 'ab'.repeat(16)
const SPANS = 100

describe.each(ENGINES)('reading a trace on %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
    // Random, so that it is too large for the row itself however it is compressed.
    const data = () => ({ random: randomBytes(8000).toString('base64') })
    const spans = Array.from({ length: SPANS }, (_, i) =>
      aSpan({ traceId: TRACE, startedAtMs: Date.UTC(2026, 0, 1) + i, data: data() }),
    )
    await storeSpans(database, spans, [])
  })
  afterAll(() => database.drop())

  const read = (maxSpans: number, withData = true) =>
    database.kysely.transaction().execute(async (trx) => {
      const before = await countParts(trx)
      const trace = await readTrace({ ...database, kysely: trx }, TRACE, {
        maxSpans,
        maxBytes: 1e9,
        withData,
      })
      return { trace, parts: (await countParts(trx)) - before }
    })

  it('reads what was sent of those spans alone that are given', async () => {
    const all = await read(SPANS)
    expect(all.trace).toMatchObject({ more: false })
    const page = await read(SPANS / 10)
    expect(page.trace).toMatchObject({ more: true })
    expect(page.trace.spans).toEqual(all.trace.spans.slice(0, SPANS / 10))
    expect(page.parts).toBeGreaterThan(0)
    expect(page.parts).toBe(all.parts / 10)
    expect((await read(SPANS, false)).parts).toBe(0)
  })
})

/** Parts of values that are too large for their row, as far as this connection has read them. */
async function countParts(trx: Transaction<Schema>): Promise<number> {
  const { rows } = await sql<{ parts: number }>`
    select coalesce(sum(idx_tup_fetch), 0)::float8 as parts from pg_stat_xact_all_tables
    where relid in (select reltoastrelid from pg_class where relname like 'span_p%')`.execute(trx)
  return rows[0]!.parts
}
