import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { readSendBacklog } from '../src/sending/send-backlog.ts'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'

const NOW_MS = Date.parse('2026-03-01T12:00:00Z')
const TABLES = 'mailing, mailing_zone, send_chunk, retry'
const NOTHING = { openChunks: 0, retryLagSeconds: 0, chunkLagSeconds: 0 }

describe.each(ENGINES)('the backlog of sending on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(() => sql`truncate ${sql.raw(TABLES)}`.execute(database.kysely))

  const read = () => readSendBacklog(database, NOW_MS)
  const ago = (seconds: number) => new Date(NOW_MS - seconds * 1000)

  /** A mailing that started 600 s ago, whose windows opened 500 s ago in London and open in an hour in New York. */
  async function insertMailing(id = 1, status = 'running') {
    await sql`insert into mailing (id, status, starts_at, started_at, ends_at, template)
      overriding system value
      values (${id}, ${status}, ${ago(600)}, ${ago(600)}, ${ago(-86_400)}, 'hi')`.execute(database.kysely)
    await sql`insert into mailing_zone values
      (${id}, 'Europe/London', ${ago(500)}, ${ago(-3600)}),
      (${id}, 'America/New_York', ${ago(-3600)}, ${ago(-7200)})`.execute(database.kysely)
  }
  const insertChunk = (zone: string, { leasedFor = 0, closed = false, mailingId = 1 } = {}) =>
    sql`insert into send_chunk
        (mailing_id, time_zone, first_message_id, last_message_id, started_through, leased_until, closed_at)
      values (${mailingId}, ${zone}, 1, 2, 0,
        case when ${leasedFor}::int <> 0 then clock_timestamp() + make_interval(secs => ${leasedFor}::int) end,
        case when ${closed}::boolean then now() end)`.execute(database.kysely)
  const insertRetry = (id: number, dueAgo: number, mailingId = 1) =>
    sql`insert into retry (message_id, mailing_id, due_at)
      values (${id}, ${mailingId}, ${ago(dueAgo)})`.execute(database.kysely)

  it('is nothing where nothing waits', async () => {
    expect(await read()).toEqual(NOTHING)
    await insertMailing()
    expect(await read()).toEqual(NOTHING)
  })

  it('counts what is late since its window opened, and nothing that waits for its window or is worked at', async () => {
    await insertMailing()
    await insertChunk('America/New_York')
    await insertChunk('Europe/London', { leasedFor: 60 })
    await insertChunk('Europe/London', { closed: true })
    expect(await read()).toEqual({ ...NOTHING, openChunks: 2 })
    await insertChunk('Europe/London', { leasedFor: -60 })
    expect(await read()).toEqual({ ...NOTHING, openChunks: 3, chunkLagSeconds: 500 })
  })

  it('returns how late the oldest due retry is', async () => {
    await insertMailing()
    await insertRetry(1, -30)
    expect((await read()).retryLagSeconds).toBe(0)
    await insertRetry(2, 40)
    await insertRetry(3, 70)
    expect((await read()).retryLagSeconds).toBe(70)
  })

  it('leaves out mailings that are not running', async () => {
    await insertMailing(1, 'paused')
    await insertChunk('Europe/London')
    await insertRetry(1, 70)
    expect(await read()).toEqual({ ...NOTHING, openChunks: 1 })
  })

  it('finds the oldest of many', async () => {
    await insertMailing()
    await sql`insert into retry (message_id, mailing_id, due_at)
      select n, 1, ${ago(10)}::timestamptz + make_interval(secs => n) from generate_series(1, 20000) n`.execute(
      database.kysely,
    )
    await sql`insert into send_chunk (mailing_id, time_zone, first_message_id, last_message_id, started_through)
      select 1, 'Europe/London', n, n, n - 1 from generate_series(1, 5000) n`.execute(database.kysely)
    await sql`analyze retry, send_chunk, mailing`.execute(database.kysely)
    expect(await read()).toEqual({ openChunks: 5000, retryLagSeconds: 9, chunkLagSeconds: 500 })
  })
})
