import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { MESSAGE_STATUSES, MESSAGE_TRANSITIONS } from '@runnel/contracts'
import { eventually } from '@runnel/testing'
import fc from 'fast-check'
import { sql } from 'kysely'
import { applyTransitions, type Transition } from '../src/messages/apply-transitions.ts'
import { countStatuses, insertMessages } from './message-rows.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'

const NOON_MS = Date.parse('2026-03-01T12:00:00Z')
const TABLES = 'mailing, mailing_cell, mailing_stat, mailing_tally, message, retry, mailing_zone'

describe.each(ENGINES)('applyTransitions on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(() => sql`truncate ${sql.raw(TABLES)}`.execute(database.kysely))

  const apply = (transitions: readonly Transition[], nowMs = NOON_MS, slot = 0) =>
    database.kysely.transaction().execute((trx) => applyTransitions(trx, transitions, { nowMs, slot }))
  const one = async () =>
    (
      await sql<{
        status: string
        attempts: number
      }>`select status, attempts from message where id = 1`.execute(database.kysely)
    ).rows[0]

  it('changes what may change, once, and says what happened', async () => {
    await insertMessages(database, 3)
    const sent = [1, 2].map((messageId) => ({ messageId, to: 'sent' as const, attempts: 1 }))
    expect(await apply(sent)).toEqual([
      { messageId: 1, from: 'pending', to: 'sent' },
      { messageId: 2, from: 'pending', to: 'sent' },
    ])
    expect(await apply(sent)).toEqual([])
    expect(await apply([{ messageId: 1, to: 'failed', attempts: 9 }])).toEqual([])
    expect(await one()).toEqual({ status: 'sent', attempts: 1 })
    expect(await countStatuses(database)).toEqual({
      statistics: { pending: 1, sent: 2 },
      messages: { pending: 1, sent: 2 },
    })
  })

  it('keeps a row in retry exactly while the message waits there', async () => {
    await insertMessages(database, 1)
    const due = () => sql<{ due_at: Date }>`select due_at from retry`.execute(database.kysely)
    await apply([{ messageId: 1, to: 'retry', attempts: 1, dueAtMs: NOON_MS + 5000 }])
    expect((await due()).rows).toEqual([{ due_at: new Date(NOON_MS + 5000) }])
    await sql`update retry set lease_token = gen_random_uuid(), leased_until = now()`.execute(database.kysely)
    await apply([{ messageId: 1, to: 'retry', attempts: 2, dueAtMs: NOON_MS + 9000 }])
    const { rows } = await sql`select due_at, lease_token, leased_until from retry`.execute(database.kysely)
    expect(rows).toEqual([{ due_at: new Date(NOON_MS + 9000), lease_token: null, leased_until: null }])
    expect(await one()).toEqual({ status: 'retry', attempts: 2 })
    await apply([{ messageId: 1, to: 'sent' }])
    expect((await due()).rows).toEqual([])
  })

  it('keeps a doubt for as long as the message is tried again', async () => {
    await insertMessages(database, 1)
    const doubts = async () => (await sql`select in_doubt from retry`.execute(database.kysely)).rows
    await apply([{ messageId: 1, to: 'retry' }])
    expect(await doubts()).toEqual([{ in_doubt: false }])
    await apply([{ messageId: 1, to: 'retry', inDoubt: true }])
    await apply([{ messageId: 1, to: 'retry', inDoubt: false }])
    expect(await doubts()).toEqual([{ in_doubt: true }])
    await apply([{ messageId: 1, to: 'unknown' }])
    await apply([{ messageId: 1, to: 'retry' }])
    expect(await doubts()).toEqual([{ in_doubt: false }])
  })

  it('tallies closed messages by the hour of their last transition, and sent ones by the minute', async () => {
    await insertMessages(database, 2)
    await apply([
      { messageId: 1, to: 'failed' },
      { messageId: 2, to: 'sent' },
    ])
    await apply([{ messageId: 1, to: 'retry' }], NOON_MS + 60_000)
    await apply([{ messageId: 1, to: 'sent' }], NOON_MS + 3_660_000, 1)
    const { rows } = await sql`
      select unit, status, at, sum(count)::int as count from mailing_tally
      group by 1, 2, 3 having sum(count) <> 0 order by 1, 2, 3`.execute(database.kysely)
    expect(rows).toEqual([
      { unit: 'hour', status: 'sent', at: new Date(NOON_MS), count: 1 },
      { unit: 'hour', status: 'sent', at: new Date(NOON_MS + 3_600_000), count: 1 },
      { unit: 'minute', status: 'sent', at: new Date(NOON_MS), count: 1 },
      { unit: 'minute', status: 'sent', at: new Date(NOON_MS + 3_660_000), count: 1 },
    ])
  })

  it('lets only the transitions of the contract happen, and counts all of them', async () => {
    await insertMessages(database, 5)
    const state = new Map([1, 2, 3, 4, 5].map((id) => [id, 'pending' as (typeof MESSAGE_STATUSES)[number]]))
    const step = fc.record({ id: fc.integer({ min: 1, max: 6 }), to: fc.constantFrom(...MESSAGE_STATUSES) })
    for (const { id, to } of fc.sample(step, { seed: 4, numRuns: 150 })) {
      const from = state.get(id)
      const allowed = from !== undefined && MESSAGE_TRANSITIONS[from].includes(to)
      const happened = await apply([{ messageId: id, to }], NOON_MS, id % 3)
      expect(happened).toEqual(allowed ? [{ messageId: id, from, to }] : [])
      if (allowed) state.set(id, to)
    }
    const { statistics, messages } = await countStatuses(database)
    expect(statistics).toEqual(messages)
  })

  const concurrently = itConcurrently(engine)
  for (const [what, to] of [
    ['is unknown', 'unknown'],
    ['is to be tried again', 'retry'],
  ] as const)
    concurrently(`lets a yes happen that has waited while the message changed: it ${what}`, async () => {
      await insertMessages(database, 1)
      let yes: Promise<unknown> | undefined
      await database.kysely.transaction().execute(async (trx) => {
        await applyTransitions(trx, [{ messageId: 1, to }], { nowMs: NOON_MS, slot: 0 })
        yes = apply([{ messageId: 1, to: 'sent' }], NOON_MS, 1)
        await eventually(async () => {
          const { rows } = await sql`select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`.execute(database.kysely)
          return rows.length > 0
        })
      })
      expect(await yes).toEqual([{ messageId: 1, from: to, to: 'sent' }])
      expect((await sql`select from retry`.execute(database.kysely)).rows).toEqual([])
      const { statistics, messages } = await countStatuses(database)
      expect(statistics).toEqual(messages)
    })

  concurrently('gives a transition to one of those who try it at the same time', async () => {
    await insertMessages(database, 200)
    const all = Array.from({ length: 200 }, (_, i) => i + 1)
    const tries = [all, all.toReversed(), all, all.toReversed()].map((ids, slot) =>
      apply(
        ids.map((messageId) => ({ messageId, to: slot % 2 ? 'failed' : 'cancelled' })),
        NOON_MS,
        slot,
      ),
    )
    const happened = (await Promise.all(tries)).flat()
    expect(happened.map(({ messageId }) => messageId).sort((a, b) => a - b)).toEqual(all)
    const { statistics, messages } = await countStatuses(database)
    expect(statistics).toEqual(messages)
  })
})
