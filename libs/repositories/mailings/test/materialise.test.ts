import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { findMismatches } from '../src/mailings/check-statistics.ts'
import { materialiseBlock } from '../src/mailings/materialise-block.ts'
import { startMailing } from '../src/mailings/start-mailing.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'
import {
  emptyMailings,
  insertClients,
  insertMailing,
  NOON_MS,
  readMailing,
  readRecipientIds,
  type TestMailing,
} from './schedule-rows.ts'

const ZONES = ['Asia/Vladivostok', 'Europe/Moscow', 'Europe/Kaliningrad']

describe.each(ENGINES)('materialiseBlock on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(() => emptyMailings(database))

  const started = async (mailing: TestMailing = {}) => {
    const id = await insertMailing(database, mailing)
    await startMailing(database, id, NOON_MS)
    return id
  }
  const block = (id: number, blockClients: number) =>
    materialiseBlock(database, id, { nowMs: NOON_MS, blockClients })
  const all = async (id: number, blockClients = 1000) => {
    let messages = 0
    for (let made = await block(id, blockClients); made; made = await block(id, blockClients)) {
      messages += made.messages
      if (made.done) break
    }
    return messages
  }
  const chunks = async (id: number) =>
    (
      await sql<{ time_zone: string; first: number; last: number; started: number }>`
        select time_zone, first_message_id as first, last_message_id as last, started_through as started
        from send_chunk where mailing_id = ${id} order by id`.execute(database.kysely)
    ).rows

  it('makes one message for each client, block by block, and says when it is done', async () => {
    const clients = await insertClients(database, { count: 25, zones: ZONES })
    const id = await started()
    expect([await block(id, 10), await block(id, 10), await block(id, 10)]).toEqual([
      { messages: 10, done: false },
      { messages: 10, done: false },
      { messages: 5, done: true },
    ])
    expect(await block(id, 10)).toBeUndefined()
    expect(await readRecipientIds(database, id)).toEqual(clients)
    expect(await readMailing(database, id)).toMatchObject({
      message_count: 25,
      materialised_through: clients.at(-1),
      materialised_at: new Date(NOON_MS),
    })
  })

  it('reaches only clients that the filter selects, and none that has opted out', async () => {
    const clients = await insertClients(database, {
      count: 60,
      operatorCodes: ['901', '902', '903'],
      tags: ['vip', 'new'],
    })
    await sql`update client set opted_out_at = now() where id = ${clients[0]!}`.execute(database.kysely)
    const wanted = (keep: (n: number) => boolean) => clients.filter((_, n) => n > 0 && keep(n))
    const cases: [TestMailing, (n: number) => boolean][] = [
      [{}, () => true],
      [{ operatorCodes: ['901', '903'] }, (n) => n % 3 !== 1],
      [{ tags: ['vip'] }, (n) => n % 2 === 0],
      [{ operatorCodes: ['902'], tags: ['new', 'none'] }, (n) => n % 3 === 1 && n % 2 === 1],
      [{ operatorCodes: ['999'] }, () => false],
    ]
    for (const [mailing, keep] of cases) {
      const id = await started(mailing)
      await all(id, 7)
      expect(await readRecipientIds(database, id)).toEqual(wanted(keep))
      expect(await findMismatches(database, id)).toEqual([])
    }
  })

  it('cuts chunks at 500 messages and at the borders of zones, each a range of ids without gaps', async () => {
    await insertClients(database, { count: 2100, zones: ZONES.slice(0, 2) })
    const id = await started()
    await all(id, 5000)
    const made = await chunks(id)
    expect(made.map(({ time_zone, first, last }) => [time_zone, last - first + 1])).toEqual([
      ['Asia/Vladivostok', 500],
      ['Asia/Vladivostok', 500],
      ['Asia/Vladivostok', 50],
      ['Europe/Moscow', 500],
      ['Europe/Moscow', 500],
      ['Europe/Moscow', 50],
    ])
    expect(made.every(({ first, started }) => started === first - 1)).toBe(true)
    const { rows } = await sql<{ outside: number; inside: number }>`
      select count(*) filter (where c.id is null or c.time_zone <> cl.time_zone)::int as outside,
        count(c.id)::int as inside
      from message m join client cl on cl.id = m.client_id
      left join send_chunk c on m.id between c.first_message_id and c.last_message_id`.execute(
      database.kysely,
    )
    expect(rows[0]).toEqual({ outside: 0, inside: 2100 })
  })

  it('makes each zone once, with a window that is yet to be computed', async () => {
    await insertClients(database, { count: 30, zones: ZONES })
    const id = await started()
    await all(id, 7)
    const zones = await database.kysely
      .selectFrom('mailing_zone')
      .selectAll()
      .orderBy(sql`time_zone collate "C"`)
      .execute()
    expect(zones.map(({ time_zone }) => time_zone)).toEqual([...ZONES].sort())
    expect(zones.every(({ open_until }) => open_until.getTime() === 0)).toBe(true)
  })

  it('counts in at most 10,000 cells: what has none shares one', async () => {
    await sql`
      insert into client (phone, operator_code, tag, time_zone)
      select 78000000000 + n, '901', 'tag' || n, 'UTC' from generate_series(1, 10500) n`.execute(
      database.kysely,
    )
    await sql`update client set operator_code = '*other', tag = '*other' where phone = 78000000003`.execute(
      database.kysely,
    )
    const id = await started()
    await all(id, 6000)
    const { rows } = await sql`
      select count(*)::int as cells, max(id) as greatest,
        (select count(*)::int from message where cell = 0) as shared,
        (select operator_code || tag from mailing_cell where id = 0) as name
      from mailing_cell`.execute(database.kysely)
    expect(rows[0]).toEqual({ cells: 10_000, greatest: 9999, shared: 501, name: '*other*other' })
    expect(await findMismatches(database, id)).toEqual([])
  })

  it('goes on at the cursor after a crash in the middle of a block', async () => {
    const clients = await insertClients(database, { count: 50, zones: ZONES })
    const id = await started()
    await block(id, 20)
    // A server that dies undoes what was not committed, as this does.
    await sql`create function fail() returns trigger language plpgsql as
      $$ begin raise exception 'cut off'; end $$`.execute(database.kysely)
    await sql`create trigger fail before update on mailing for each row execute function fail()`.execute(
      database.kysely,
    )
    await expect(block(id, 20)).rejects.toThrow('cut off')
    await sql`drop function fail() cascade`.execute(database.kysely)
    expect((await readRecipientIds(database, id)).length).toBe(20)
    expect(await all(id, 20)).toBe(30)
    expect(await readRecipientIds(database, id)).toEqual(clients)
    expect(await findMismatches(database, id)).toEqual([])
  })

  it('goes on while the mailing is paused, and ends with it', async () => {
    await insertClients(database, { count: 30 })
    const id = await started()
    await sql`update mailing set status = 'paused'`.execute(database.kysely)
    expect(await block(id, 10)).toEqual({ messages: 10, done: false })
    await sql`update mailing set status = 'cancelled'`.execute(database.kysely)
    expect(await block(id, 10)).toBeUndefined()
  })

  it('is done at once where there are no clients', async () => {
    const id = await started()
    expect(await block(id, 10)).toEqual({ messages: 0, done: true })
    expect(await chunks(id)).toEqual([])
  })

  const concurrently = itConcurrently(engine)
  concurrently('makes every message once though several replicas make them at the same time', async () => {
    const clients = await insertClients(database, { count: 3000, zones: ZONES })
    const id = await started()
    const replica = async () => {
      for (let tries = 0; tries < 500; tries++) {
        await block(id, 100)
        if ((await readMailing(database, id)).materialised_at) return
      }
    }
    await Promise.all([replica(), replica(), replica()])
    expect(await readRecipientIds(database, id)).toEqual(clients)
    expect((await readMailing(database, id)).message_count).toBe(3000)
    expect(await findMismatches(database, id)).toEqual([])
  })
})
