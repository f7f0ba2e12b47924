import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { expireMailings } from '../src/mailings/expire-mailings.ts'
import { findScheduleWork } from '../src/mailings/find-schedule-work.ts'
import { completeMailing } from '../src/mailings/finish-mailing.ts'
import { materialiseBlock } from '../src/mailings/materialise-block.ts'
import { purgeMinuteTallies } from '../src/mailings/purge-minute-tallies.ts'
import { refreshZones } from '../src/mailings/refresh-zones.ts'
import { startMailing } from '../src/mailings/start-mailing.ts'
import { applyTransitions } from '../src/messages/apply-transitions.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'
import {
  emptyMailings,
  HOUR_MS,
  insertClients,
  insertMailing,
  NOON_MS,
  readMailing,
  readRecipientIds,
} from './schedule-rows.ts'

describe.each(ENGINES)('the schedule on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(() => emptyMailings(database))

  const concurrently = itConcurrently(engine)
  const materialise = async (id: number) => {
    while ((await materialiseBlock(database, id, { nowMs: NOON_MS, blockClients: 1000 }))?.done === false);
  }
  const statusOf = async (id: number) => (await readMailing(database, id)).status

  describe('startMailing', () => {
    it('starts what is due, once, with the clients that there are', async () => {
      const clients = await insertClients(database, { count: 3 })
      const id = await insertMailing(database)
      expect(await startMailing(database, id, NOON_MS - 1)).toBeUndefined()
      expect(await startMailing(database, id, NOON_MS)).toEqual({ audienceThrough: clients[2] })
      expect(await startMailing(database, id, NOON_MS)).toBeUndefined()
      await insertClients(database, { count: 3 })
      await materialise(id)
      expect(await readRecipientIds(database, id)).toEqual(clients)
      expect(await readMailing(database, id)).toMatchObject({
        status: 'running',
        started_at: new Date(NOON_MS),
      })
    })

    it('leaves alone drafts, what is over, and what was deleted', async () => {
      const draft = await insertMailing(database, { status: 'draft' })
      const over = await insertMailing(database, { startMs: NOON_MS - HOUR_MS, endMs: NOON_MS })
      const deleted = await insertMailing(database)
      await sql`update mailing set deleted_at = now() where id = ${deleted}`.execute(database.kysely)
      for (const id of [draft, over, deleted])
        expect(await startMailing(database, id, NOON_MS)).toBeUndefined()
    })

    concurrently('neither waits for clients that are being written, nor lets others wait', async () => {
      const id = await insertMailing(database)
      await insertClients(database, { count: 1 })
      let commit = () => {}
      const held = new Promise<void>((resolve) => (commit = resolve))
      let written = () => {}
      const writing = new Promise<void>((resolve) => (written = resolve))
      // Its client has an id below those that are committed before it.
      const slow = database.kysely.transaction().execute(async (trx) => {
        await insertClients({ ...database, kysely: trx }, { count: 1 })
        await sql`update client set tag = 'open' where id = 1`.execute(trx)
        written()
        await held
      })
      await writing
      await insertClients(database, { count: 1 })
      expect(await startMailing(database, id, NOON_MS)).toEqual({ audienceThrough: 3 })
      await insertClients(database, { count: 1 })
      await sql`update client set tag = 'changed' where id = 3`.execute(database.kysely)
      await materialise(id)
      commit()
      await slow
      expect(await readRecipientIds(database, id)).toEqual([1, 3])
    })

    concurrently(
      'reaches all clients created before the start, and none with a later id, however many write',
      async () => {
        const id = await insertMailing(database)
        const before = new Set<number>()
        let stopped = false
        const writers = [1, 2, 3, 4].map(async () => {
          while (!stopped) for (const made of await insertClients(database, { count: 3 })) before.add(made)
        })
        while (before.size < 100) await new Promise(setImmediate)
        const committed = [...before]
        const started = await startMailing(database, id, NOON_MS)
        await materialise(id)
        stopped = true
        await Promise.all(writers)
        const { rows } = await sql<{ id: number }>`
        select id from client where id <= ${started!.audienceThrough} order by id`.execute(database.kysely)
        const recipients = await readRecipientIds(database, id)
        // What was open at the start, and committed before its block was made, is reached as well.
        expect(rows.map((row) => row.id)).toEqual(expect.arrayContaining(recipients))
        expect(recipients).toEqual(expect.arrayContaining(committed))
      },
    )
  })

  describe('expireMailings', () => {
    it('ends what should have been sent by now, and what never started is settled with that', async () => {
      const over = { startMs: NOON_MS - HOUR_MS, endMs: NOON_MS }
      const never = await insertMailing(database, over)
      const draft = await insertMailing(database, { ...over, status: 'draft' })
      const running = await insertMailing(database, over)
      await startMailing(database, running, NOON_MS - 1)
      await insertMailing(database)
      expect(await expireMailings(database, NOON_MS - 1)).toEqual([])
      expect((await expireMailings(database, NOON_MS)).sort()).toEqual([never, running])
      expect(await expireMailings(database, NOON_MS)).toEqual([])
      expect(await statusOf(draft)).toBe('draft')
      expect(await readMailing(database, never)).toMatchObject({ settled_at: new Date(NOON_MS) })
      expect(await readMailing(database, running)).toMatchObject({
        status: 'expired',
        finished_at: new Date(NOON_MS),
        settled_at: null,
      })
    })
  })

  describe('refreshZones', () => {
    const window = { from: 540, to: 1260 }
    const unknown: string[] = []
    const refresh = (id: number, nowMs: number) =>
      refreshZones(database, id, {
        nowMs,
        computeZone: (now, zone) => {
          if (zone === 'Mars/Olympus') throw new RangeError(zone)
          return { openFromMs: now + 1000, openUntilMs: now + HOUR_MS }
        },
        onUnknownZone: (zone) => unknown.push(zone),
      })
    const zones = async () =>
      (
        await sql<{ time_zone: string; open_from: Date }>`
          select time_zone, open_from from mailing_zone order by time_zone collate "C"`.execute(
          database.kysely,
        )
      ).rows.map(({ time_zone, open_from }) => [time_zone, open_from.getTime()])

    it('computes windows that are over or new, and leaves the others', async () => {
      await insertClients(database, { count: 2, zones: ['Europe/Moscow', 'Asia/Tokyo'] })
      const id = await insertMailing(database, { window })
      await startMailing(database, id, NOON_MS)
      await materialise(id)
      expect(await refresh(id, NOON_MS)).toBe(2)
      expect(await zones()).toEqual([
        ['Asia/Tokyo', NOON_MS + 1000],
        ['Europe/Moscow', NOON_MS + 1000],
      ])
      expect(await refresh(id, NOON_MS + HOUR_MS - 1)).toBe(0)
      expect(await refresh(id, NOON_MS + HOUR_MS)).toBe(2)
    })

    it('keeps an unknown zone closed for good, and reports it', async () => {
      await insertClients(database, { count: 2, zones: ['Europe/Moscow', 'Mars/Olympus'] })
      const id = await insertMailing(database, { window })
      await startMailing(database, id, NOON_MS)
      await materialise(id)
      expect(await refresh(id, NOON_MS)).toBe(2)
      expect(unknown).toEqual(['Mars/Olympus'])
      expect(await refresh(id, NOON_MS + 1)).toBe(0)
      expect((await zones())[1]).toEqual(['Mars/Olympus', Date.UTC(9999, 11, 31)])
    })
  })

  describe('completeMailing', () => {
    const sendAndComplete = async (id: number, ids: readonly number[]) =>
      database.kysely
        .transaction()
        .execute((trx) =>
          applyTransitions(
            trx,
            ids.map((messageId) => ({ messageId, to: 'sent' })),
            { nowMs: NOON_MS, slot: 0 },
          ),
        )
        .then(() => completeMailing(database, id, NOON_MS))

    it('completes when everything is made, every chunk closed, and nothing left to try again', async () => {
      await insertClients(database, { count: 2 })
      const id = await insertMailing(database)
      await startMailing(database, id, NOON_MS)
      expect(await completeMailing(database, id, NOON_MS)).toBe(false)
      await materialise(id)
      expect(await completeMailing(database, id, NOON_MS)).toBe(false)
      await sql`update send_chunk set closed_at = now()`.execute(database.kysely)
      await sql`insert into retry (message_id, mailing_id, due_at) values (1, ${id}, now())`.execute(
        database.kysely,
      )
      expect(await completeMailing(database, id, NOON_MS)).toBe(false)
      await sql`delete from retry`.execute(database.kysely)
      expect(await completeMailing(database, id, NOON_MS)).toBe(true)
      expect(await completeMailing(database, id, NOON_MS)).toBe(false)
      const now = new Date(NOON_MS)
      expect(await readMailing(database, id)).toMatchObject({
        status: 'completed',
        finished_at: now,
        settled_at: now,
      })
    })

    concurrently(
      'completes all of 300 mailings whose last chunks are closed at the same moment',
      async () => {
        const ids = Array.from({ length: 300 }, (_, n) => n + 1)
        await insertRunning(database, ids)
        // Two workers for each mailing: each closes one of its two chunks, and then asks whether that was all.
        const finish = async (id: number, zone: string) => {
          const { rows } = await sql<{ id: number }>`
          update send_chunk set closed_at = now() where mailing_id = ${id} and time_zone = ${zone}
          returning first_message_id as id`.execute(database.kysely)
          return sendAndComplete(id, [rows[0]!.id])
        }
        let completed = 0
        // By the twenty: on a busy machine the pool has no connection for all of them in time.
        for (let from = 0; from < ids.length; from += 20) {
          const some = ids.slice(from, from + 20)
          const finishing = some.flatMap((id) => [finish(id, 'Asia/Tokyo'), finish(id, 'Europe/Moscow')])
          completed += (await Promise.all(finishing)).filter(Boolean).length
        }
        expect(completed).toBe(300)
        const { rows } = await sql`select status, count(*)::int as n from mailing group by 1`.execute(
          database.kysely,
        )
        expect(rows).toEqual([{ status: 'completed', n: 300 }])
      },
    )
  })

  describe('findScheduleWork', () => {
    const find = (nowMs: number) => findScheduleWork(database, nowMs)

    it('returns what there is to do for each mailing, and when the next work is due', async () => {
      await insertClients(database, { count: 2 })
      const id = await insertMailing(database, { startMs: NOON_MS + 1000, window: { from: 0, to: 60 } })
      await insertMailing(database, { status: 'draft' })
      expect(await find(NOON_MS)).toEqual({ work: [], expiring: false, nextMs: NOON_MS + 1000 })
      const startMs = NOON_MS + 1000
      const work = async (nowMs: number) => (await find(nowMs)).work.map(({ task }) => task)
      expect(await work(startMs)).toEqual(['start'])
      await startMailing(database, id, startMs)
      expect(await work(startMs)).toEqual(['materialise'])
      await materialise(id)
      expect(await work(startMs)).toEqual(['refresh'])
      await sql`update mailing_zone set open_from = ${new Date(startMs + 50)}, open_until = ${new Date(startMs + 90)}`.execute(
        database.kysely,
      )
      expect(await find(startMs)).toEqual({ work: [], expiring: false, nextMs: startMs + 50 })
      expect(await find(startMs + 50)).toEqual({ work: [], expiring: false, nextMs: startMs + 90 })
      await sql`update send_chunk set closed_at = now()`.execute(database.kysely)
      expect(await work(startMs)).toEqual(['complete'])
      expect(await find(NOON_MS + HOUR_MS)).toEqual({
        work: [{ mailingId: id, task: 'refresh' }],
        expiring: true,
        nextMs: undefined,
      })
      await expireMailings(database, NOON_MS + HOUR_MS)
      expect(await work(NOON_MS + HOUR_MS)).toEqual(['settle'])
    })

    it('writes nothing', async () => {
      await insertMailing(database)
      const found = await database.kysely.transaction().execute(async (trx) => {
        await sql`set transaction read only`.execute(trx)
        return findScheduleWork({ ...database, kysely: trx }, NOON_MS)
      })
      expect(found.work).toHaveLength(1)
    })

    it('finds nothing where there is nothing, and nothing for what is settled or deleted', async () => {
      expect(await find(NOON_MS)).toEqual({ work: [], expiring: false, nextMs: undefined })
      const id = await insertMailing(database)
      await sql`update mailing set deleted_at = now() where id = ${id}`.execute(database.kysely)
      expect(await find(NOON_MS)).toEqual({ work: [], expiring: false, nextMs: undefined })
      await sql`update mailing set deleted_at = null, status = 'completed', settled_at = now()`.execute(
        database.kysely,
      )
      expect(await find(NOON_MS + HOUR_MS)).toEqual({ work: [], expiring: false, nextMs: undefined })
    })
  })

  it('forgets old counts by the minute alone', async () => {
    for (const unit of ['hour', 'minute']) {
      for (const atMs of [NOON_MS, NOON_MS + HOUR_MS]) {
        await sql`insert into mailing_tally values (1, ${unit}, ${new Date(atMs)}, 'sent', 0, 1)`.execute(
          database.kysely,
        )
      }
    }
    expect(await purgeMinuteTallies(database, NOON_MS + 1, new AbortController().signal)).toBe(1)
    const { rows } = await sql`select unit, at from mailing_tally order by unit, at`.execute(database.kysely)
    expect(rows).toEqual([
      { unit: 'hour', at: new Date(NOON_MS) },
      { unit: 'hour', at: new Date(NOON_MS + HOUR_MS) },
      { unit: 'minute', at: new Date(NOON_MS + HOUR_MS) },
    ])
  })
})

/** Mailings with two chunks of one message each, in two zones. */
async function insertRunning({ kysely }: OpenTestDatabase, ids: readonly number[]): Promise<void> {
  await sql`
    insert into mailing (id, status, starts_at, ends_at, template, materialised_at, message_count)
    overriding system value
    select id, 'running', '2026-03-01', '2026-03-02', 'x', '2026-03-01', 2 from unnest(${[...ids]}::bigint[]) id`.execute(
    kysely,
  )
  await sql`
    insert into message (id, mailing_id, client_id, cell, updated_at)
    select id * 2 + n, id, n, 1, '2026-03-01' from mailing, generate_series(0, 1) n`.execute(kysely)
  await sql`
    insert into send_chunk (mailing_id, time_zone, first_message_id, last_message_id, started_through)
    select id / 2, (array['Asia/Tokyo', 'Europe/Moscow'])[1 + id % 2], id, id, id from message`.execute(
    kysely,
  )
}
