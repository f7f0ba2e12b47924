import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { findCheckable, findMismatches, repairStatistics } from '../src/mailings/check-statistics.ts'
import { applyTransitions, type Transition } from '../src/messages/apply-transitions.ts'
import { countStatuses, insertMessages } from './message-rows.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'
import { emptyMailings, HOUR_MS, NOON_MS } from './schedule-rows.ts'

describe.each(ENGINES)('the check of statistics on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(() => emptyMailings(database))

  const apply = (transitions: readonly Transition[], nowMs = NOON_MS, slot = 0) =>
    database.kysely.transaction().execute((trx) => applyTransitions(trx, transitions, { nowMs, slot }))

  it('finds nothing after any transitions, through whichever slots', async () => {
    await insertMessages(database, 6)
    await apply([
      { messageId: 1, to: 'sent' },
      { messageId: 2, to: 'failed' },
      { messageId: 3, to: 'retry' },
      { messageId: 4, to: 'unknown' },
    ])
    await apply([{ messageId: 2, to: 'retry' }], NOON_MS + HOUR_MS, 1)
    await apply([{ messageId: 4, to: 'sent' }], NOON_MS + HOUR_MS, 2)
    expect(await findMismatches(database, 1)).toEqual([])
  })

  it('finds and repairs counts that are wrong, missing, or of nothing', async () => {
    await insertMessages(database, 4)
    await apply([
      { messageId: 1, to: 'sent' },
      { messageId: 2, to: 'failed' },
    ])
    await sql`update mailing_stat set count = count + 5 where status = 'pending'`.execute(database.kysely)
    await sql`delete from mailing_stat where status = 'sent'`.execute(database.kysely)
    await sql`delete from mailing_tally where unit = 'hour' and status = 'failed'`.execute(database.kysely)
    await sql`insert into mailing_stat values (1, 7, 'expired', 3, 2)`.execute(database.kysely)
    const wrong = [
      { status: 'pending', cell: 1, hour: null, difference: -5 },
      { status: 'sent', cell: 1, hour: null, difference: 1 },
      { status: 'expired', cell: 7, hour: null, difference: -2 },
      { status: 'failed', cell: null, hour: new Date(NOON_MS), difference: 1 },
    ]
    expect(await findMismatches(database, 1)).toEqual(wrong)
    expect(await repairStatistics(database, 1)).toEqual(wrong)
    expect(await findMismatches(database, 1)).toEqual([])
    expect(await repairStatistics(database, 1)).toEqual([])
    const { statistics, messages } = await countStatuses(database)
    expect(statistics).toEqual(messages)
  })

  it('looks at live mailings that have messages', async () => {
    await insertMessages(database, 1, 1)
    expect(await findCheckable(database)).toEqual([])
    await sql`update mailing set message_count = 1`.execute(database.kysely)
    expect(await findCheckable(database)).toEqual([1])
    await sql`update mailing set settled_at = now()`.execute(database.kysely)
    expect(await findCheckable(database)).toEqual([])
  })

  it('does not count more messages than may be read at once', async () => {
    await insertMessages(database, 1)
    await sql`update mailing set message_count = 10`.execute(database.kysely)
    await sql`update mailing_stat set count = 5`.execute(database.kysely)
    expect(await findMismatches({ ...database, maxScanRows: 9 }, 1)).toEqual([])
    expect(await findMismatches({ ...database, maxScanRows: 10 }, 1)).toHaveLength(1)
  })

  const concurrently = itConcurrently(engine)
  concurrently('repairs once, while senders count and others repair', async () => {
    await insertMessages(database, 600)
    await sql`update mailing_stat set count = count + 50 where status = 'pending'`.execute(database.kysely)
    const senders = [0, 1, 2].map(async (slot) => {
      for (let n = 0; n < 20; n++) {
        const ids = Array.from({ length: 10 }, (_, i) => slot * 200 + n * 10 + i + 1)
        await apply(
          ids.map((messageId) => ({ messageId, to: 'sent' })),
          NOON_MS,
          slot,
        )
      }
    })
    const repairs = [1, 2, 3].map(() => repairStatistics(database, 1))
    const repaired = (await Promise.all(repairs)).flat()
    await Promise.all(senders)
    expect(repaired).toEqual([{ status: 'pending', cell: 1, hour: null, difference: -50 }])
    expect(await findMismatches(database, 1)).toEqual([])
    expect((await countStatuses(database)).statistics).toEqual({ sent: 600 })
  })
})
