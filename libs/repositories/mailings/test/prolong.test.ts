import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { findMismatches } from '../src/mailings/check-statistics.ts'
import { editMailing } from '../src/mailings/edit-mailing.ts'
import { expireMailings } from '../src/mailings/expire-mailings.ts'
import { findScheduleWork } from '../src/mailings/find-schedule-work.ts'
import { completeMailing, finishSettling } from '../src/mailings/finish-mailing.ts'
import { scheduleMailing, unscheduleMailing } from '../src/mailings/mailing-actions.ts'
import { materialiseBlock } from '../src/mailings/materialise-block.ts'
import { reopenBlock } from '../src/mailings/reopen-block.ts'
import { retryFailedBlock } from '../src/mailings/retry-failed-block.ts'
import { settleBlock } from '../src/mailings/settle-block.ts'
import { startMailing } from '../src/mailings/start-mailing.ts'
import type { MailingDraft } from '../src/mailings/stored-mailing.ts'
import { applyTransitions, type Transition } from '../src/messages/apply-transitions.ts'
import { actAt, computeZone } from './mailing-acts.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'
import {
  countMessages,
  emptyMailings,
  HOUR_MS,
  insertClients,
  insertMailing,
  NOON_MS,
  readMailing,
  startMailingFor,
} from './schedule-rows.ts'

const END_MS = NOON_MS + HOUR_MS
const LATER_MS = END_MS + HOUR_MS

describe.each(ENGINES)('a mailing on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(() => emptyMailings(database))
  const concurrently = itConcurrently(engine)

  const running = (count: number) => startMailingFor(database, count)
  const apply = (transitions: readonly Transition[]) =>
    database.kysely
      .transaction()
      .execute((trx) => applyTransitions(trx, transitions, { nowMs: NOON_MS, slot: 0 }))
  const settle = async (id: number) => {
    for (;;) {
      const { applied, chunks } = await settleBlock(database, id, END_MS)
      if (applied.length + chunks === 0) return finishSettling(database, id, END_MS)
    }
  }
  const edit = async (id: number, patch: Partial<MailingDraft>, nowMs = END_MS) =>
    (await editMailing(database, id, () => patch, { ...actAt(nowMs), computeZone })).mailing
  const reopen = async (id: number) => {
    for (;;) {
      const block = await reopenBlock(database, id, END_MS)
      if (!block) continue
      if (block.done) return
    }
  }
  const tasks = async (nowMs: number) =>
    (await findScheduleWork(database, nowMs)).work.map(({ task }) => task)

  it('that has expired goes on once its end is moved, and only with what was certainly not sent', async () => {
    const { id, first } = await running(6000)
    await sql`update send_chunk set started_through = ${first + 63} where first_message_id = ${first}`.execute(
      database.kysely,
    )
    await apply([
      { messageId: first, to: 'sent' },
      { messageId: first + 1, to: 'retry', attempts: 3, reason: 'http_500', dueAtMs: LATER_MS },
      { messageId: first + 2, to: 'retry', inDoubt: true },
      { messageId: first + 600, to: 'failed', reason: 'http_400' },
    ])
    await expireMailings(database, END_MS)
    expect(await settle(id)).toBe(true)
    expect(await countMessages(database, id)).toEqual({ sent: 1, failed: 1, unknown: 62, expired: 5936 })
    await expect(edit(id, { endMs: END_MS - 1 })).rejects.toMatchObject({ code: 'invalid_field' })
    expect(await edit(id, { text: 'Later' })).toMatchObject({ status: 'expired', version: 2 })
    expect(await edit(id, { endMs: LATER_MS })).toMatchObject({
      ...{ status: 'running', version: 3, finishedAtMs: null, settledAtMs: null },
    })
    expect(await tasks(END_MS)).toContain('reopen')
    expect(await completeMailing(database, id, END_MS)).toBe(false)
    expect(await reopenBlock(database, id, END_MS)).toMatchObject({ done: false })
    await reopen(id)
    expect(await reopenBlock(database, id, END_MS)).toBeUndefined()
    // The one that was being tried again is due; the other 5,935 wait in their chunks, which are open again.
    expect(await countMessages(database, id)).toEqual({
      ...{ sent: 1, failed: 1, unknown: 62, retry: 1, pending: 5935 },
    })
    const { rows } = await sql`
      select attempts, (select due_at from retry) as due from message where id = ${first + 1}`.execute(
      database.kysely,
    )
    expect(rows).toEqual([{ attempts: 3, due: new Date(END_MS) }])
    expect(await findMismatches(database, id)).toEqual([])
    const { rows: chunks } = await sql<{ closed: boolean; begun: boolean }>`
      select closed_at is not null as closed, exists (select from message m where m.status = 'pending'
        and m.id between c.first_message_id and c.started_through) as begun
      from send_chunk c`.execute(database.kysely)
    expect(chunks.every(({ closed, begun }) => !closed && !begun)).toBe(true)
    expect(await tasks(END_MS)).not.toContain('complete')
    // And it can expire and be prolonged again.
    await expireMailings(database, LATER_MS)
    expect(await settle(id)).toBe(true)
    expect(await countMessages(database, id)).toMatchObject({ expired: 5936 })
  })

  concurrently('that is prolonged while it is being settled leaves no message behind', async () => {
    const { id } = await running(12_000)
    await expireMailings(database, END_MS)
    const replica = async () => {
      for (let round = 0; round < 8; round++) {
        await settleBlock(database, id, END_MS)
        await finishSettling(database, id, END_MS)
      }
    }
    const settling = [replica(), replica()]
    await settleBlock(database, id, END_MS)
    await edit(id, { endMs: LATER_MS })
    await Promise.all([...settling, reopen(id)])
    expect(await countMessages(database, id)).toEqual({ pending: 12_000 })
    expect(await readMailing(database, id)).toMatchObject({ status: 'running', settled_at: null })
    expect(await findMismatches(database, id)).toEqual([])
    const { rows } = await sql`select 1 from send_chunk where closed_at is not null`.execute(database.kysely)
    expect(rows).toEqual([])
  })

  concurrently('is not prolonged in the midst of a block that settles it', async () => {
    const { id } = await running(10)
    await expireMailings(database, END_MS)
    const waiting = (count: number) =>
      eventually(async () => {
        const { rows } = await sql<{ n: number }>`
          select count(distinct pid)::int as n from pg_locks where not granted
            and pid in (select pid from pg_stat_activity where datname = current_database())`.execute(
          database.kysely,
        )
        return rows[0]!.n === count
      })
    const acts = await database.kysely.transaction().execute(async (trx) => {
      // The block has read that the mailing has expired, and comes to its chunks only later.
      await sql`lock table send_chunk in access exclusive mode`.execute(trx)
      const settling = settleBlock(database, id, END_MS)
      await waiting(1)
      const prolonging = edit(id, { endMs: LATER_MS })
      await waiting(2)
      return { settling, prolonging }
    })
    await acts.settling
    expect(await acts.prolonging).toMatchObject({ status: 'running' })
    await reopen(id)
    expect(await countMessages(database, id)).toEqual({ pending: 10 })
  })

  concurrently('that is prolonged has its messages opened once, whoever does it', async () => {
    const { id } = await running(12_000)
    await expireMailings(database, END_MS)
    await settle(id)
    await edit(id, { endMs: LATER_MS })
    let opened = 0
    const replica = async () => {
      for (let tries = 0; tries < 300; tries++) {
        const block = await reopenBlock(database, id, END_MS)
        opened += block?.applied.length ?? 0
        if ((await readMailing(database, id)).reopen_after === null) return
      }
      throw new Error('never reopened')
    }
    await Promise.all([replica(), replica(), replica()])
    expect(opened).toBe(12_000)
  })

  it('that has expired before it started is scheduled again', async () => {
    await insertClients(database, { count: 2 })
    const id = await insertMailing(database)
    await expireMailings(database, END_MS)
    expect(await edit(id, { endMs: LATER_MS, tags: [] })).toMatchObject({ status: 'scheduled' })
    expect(await startMailing(database, id, END_MS)).toBeDefined()
    await materialiseBlock(database, id, { nowMs: END_MS })
    expect(await countMessages(database, id)).toEqual({ pending: 2 })
  })

  it('that has expired before all of its messages were made gets the others', async () => {
    await insertClients(database, { count: 30 })
    const id = await insertMailing(database)
    await startMailing(database, id, NOON_MS)
    await materialiseBlock(database, id, { nowMs: NOON_MS, blockClients: 10 })
    await expireMailings(database, END_MS)
    await settle(id)
    await edit(id, { endMs: LATER_MS })
    await reopen(id)
    expect(await tasks(END_MS)).toContain('materialise')
    await materialiseBlock(database, id, { nowMs: END_MS, blockClients: 100 })
    expect(await countMessages(database, id)).toEqual({ pending: 30 })
  })

  it('that was completed gets another text, and what failed is sent with it', async () => {
    const { id, first } = await running(2)
    await apply([
      { messageId: first, to: 'sent' },
      { messageId: first + 1, to: 'failed', reason: 'text_too_long' },
    ])
    await sql`update send_chunk set closed_at = now()`.execute(database.kysely)
    expect(await completeMailing(database, id, NOON_MS)).toBe(true)
    expect(await edit(id, { text: 'Shorter' }, NOON_MS)).toMatchObject({ status: 'completed', version: 2 })
    await expect(edit(id, { tags: ['x'] }, NOON_MS)).rejects.toMatchObject({ code: 'conflict' })
    const retry = (nowMs: number) =>
      retryFailedBlock(database, id, { ...actAt(nowMs), include: ['failed'], afterId: 0 })
    await expect(retry(END_MS)).rejects.toMatchObject({ code: 'conflict' })
    expect(await edit(id, { endMs: LATER_MS })).toMatchObject({ status: 'completed' })
    expect(await retry(END_MS)).toMatchObject({ accepted: 1 })
    expect(await readMailing(database, id)).toMatchObject({ status: 'running', template: 'Shorter' })
    expect(await countMessages(database, id)).toEqual({ sent: 1, retry: 1 })
  })

  it('that was cancelled is over for good', async () => {
    const { id } = await running(1)
    await sql`update mailing set status = 'cancelled', finished_at = now()`.execute(database.kysely)
    await expect(edit(id, { endMs: LATER_MS })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('that is scheduled becomes a draft again, and does not start', async () => {
    const id = await insertMailing(database)
    const act = actAt(NOON_MS - 1)
    expect(await unscheduleMailing(database, id, act)).toMatchObject({
      ...{ changed: true, mailing: { status: 'draft' } },
    })
    expect(await unscheduleMailing(database, id, act)).toMatchObject({ changed: false })
    expect(await startMailing(database, id, NOON_MS)).toBeUndefined()
    await scheduleMailing(database, id, act)
    expect(await startMailing(database, id, NOON_MS)).toBeDefined()
    await expect(unscheduleMailing(database, id, act)).rejects.toMatchObject({ code: 'conflict' })
  })

  concurrently('that is due as it is unscheduled either starts or is a draft', async () => {
    for (let round = 0; round < 20; round++) {
      const id = await insertMailing(database)
      const [started, unscheduled] = await Promise.allSettled([
        startMailing(database, id, NOON_MS),
        unscheduleMailing(database, id, actAt(NOON_MS)),
      ])
      const hasStarted = started.status === 'fulfilled' && started.value !== undefined
      expect(hasStarted).toBe(unscheduled.status === 'rejected')
      expect((await readMailing(database, id)).status).toBe(hasStarted ? 'running' : 'draft')
    }
  })
})
