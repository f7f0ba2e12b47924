import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'
import { sql } from 'kysely'
import { listAlerts } from '../src/alerts/list-alerts.ts'
import { purgeAlerts } from '../src/alerts/purge-alerts.ts'
import { noteCondition, type SeenCondition } from '../src/alerts/note-condition.ts'
import { claimNotifications } from '../src/notifications/claim-notifications.ts'
import { listNotificationsOfDays } from '../src/notifications/list-notifications.ts'
import { purgeNotifications } from '../src/notifications/purge-notifications.ts'
import { sendNotificationAgain } from '../src/notifications/send-again.ts'
import { beginTransfer, settleNotification } from '../src/notifications/settle-notification.ts'
import { takeRound } from '../src/notifications/take-round.ts'
import {
  createReport,
  findReport,
  listReportDays,
  listReports,
  purgeReports,
} from '../src/reports/daily-reports.ts'

const DAY = '2026-11-29'
const GIVE_UP_MS = 3_600_000

describe.each(ENGINES)('notifications on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(async () => {
    await sql`delete from notification`.execute(database.kysely)
    await sql`delete from daily_report`.execute(database.kysely)
    await sql`delete from alert`.execute(database.kysely)
    await sql`delete from alert_condition`.execute(database.kysely)
  })

  const toEmail = (to: string) => ({
    ...{ key: `report/${DAY}/${to}`, channel: 'email' as const, target: to, messageId: `<${to}>` },
    content: { type: 'report.daily', data: { half: 0.5 } },
    reportDay: DAY,
  })
  const report = (people = ['ann', 'bob']) =>
    createReport(database, {
      ...{ day: DAY, facts: { day: DAY }, skipped: false, giveUpMs: GIVE_UP_MS },
      notifications: people.map(toEmail),
    })
  const claim = (repeatable = false) =>
    claimNotifications(database, { channel: 'email', leaseMs: 60_000, limit: 10, repeatable })
  const states = async () =>
    ((await listNotificationsOfDays(database, [DAY])).get(DAY) ?? []).map(({ state }) => state)
  const expireLeases = () =>
    sql`update notification set leased_until = clock_timestamp() where state = 'sending'`.execute(
      database.kysely,
    )

  it('of a day are made once, however often it is reported', async () => {
    expect(await report()).toBe(true)
    expect(await report(['ann', 'bob', 'eve'])).toBe(false)
    expect(await states()).toEqual(['pending', 'pending'])
    expect(await findReport(database, DAY)).toMatchObject({ day: DAY, skipped: false, facts: { day: DAY } })
    expect(await findReport(database, '2026-11-28')).toBeUndefined()
    const page = await listReports(database, { items: 5, bytes: 1e6 })
    expect(page).toMatchObject({ more: false, items: [{ day: DAY }] })
    expect((await listReports(database, { items: 5, bytes: 1e6 }, DAY)).items).toEqual([])
  })

  itConcurrently(engine)('are claimed by one process each', async () => {
    await report(['a', 'b', 'c', 'd'])
    const claimed = (await Promise.all([claim(), claim(), claim()])).flat()
    expect(claimed.map(({ target }) => target).sort()).toEqual(['a', 'b', 'c', 'd'])
    expect(claimed[0]).toMatchObject({ attempts: 1, content: { type: 'report.daily', data: { half: 0.5 } } })
  })

  itConcurrently(engine)(
    'are claimed without waiting for those that another process is just claiming',
    async () => {
      await report(['a', 'b'])
      await database.kysely.transaction().execute(async (trx) => {
        await sql`select from notification where target = 'a' for update`.execute(trx)
        expect((await claim()).map(({ target }) => target)).toEqual(['b'])
      })
      expect((await claim()).map(({ target }) => target)).toEqual(['a'])
    },
  )

  it('that were not begun are taken over once the lease is over, and not before', async () => {
    await report(['ann'])
    const [first] = await claim()
    expect(await claim()).toEqual([])
    await expireLeases()
    const [second] = await claim()
    expect(second).toMatchObject({ id: first!.id, attempts: 2 })
    expect(await beginTransfer(database, first!)).toBe(false)
    expect(await beginTransfer(database, second!)).toBe(true)
    expect(await settleNotification(database, first!, { outcome: 'failed', reason: 'late' })).toBeUndefined()
    expect(await states()).toEqual(['sending'])
  })

  it('that may have arrived are in doubt, unless the receiver recognises a repeat', async () => {
    await report(['ann'])
    const [claimed] = await claim()
    await beginTransfer(database, claimed!)
    await expireLeases()
    expect(await claim()).toEqual([])
    expect(await states()).toEqual(['in_doubt'])
    await sql`update notification set state = 'sending', leased_until = clock_timestamp()`.execute(
      database.kysely,
    )
    expect(await claim(true)).toMatchObject([{ id: claimed!.id }])
  })

  it('that were sent are sent, even where the lease was lost meanwhile', async () => {
    await report(['ann'])
    const [claimed] = await claim()
    await beginTransfer(database, claimed!)
    await expireLeases()
    await claim()
    expect(await settleNotification(database, claimed!, { outcome: 'sent' })).toBe('sent')
    expect(await states()).toEqual(['sent'])
    expect(await settleNotification(database, claimed!, { outcome: 'sent' })).toBeUndefined()
  })

  it('are tried again when they are due, and given up in the end', async () => {
    await report(['ann'])
    const [first] = await claim()
    const later = { outcome: 'retry', reason: 'greylisted', delayMs: 60_000 } as const
    expect(await settleNotification(database, first!, later)).toBe('pending')
    expect(await claim()).toEqual([])
    await sql`update notification set due_at = clock_timestamp()`.execute(database.kysely)
    const [second] = await claim()
    const tooLate = { ...later, delayMs: GIVE_UP_MS }
    expect(await settleNotification(database, second!, tooLate)).toBe('failed')
    expect(await claim()).toEqual([])
  })

  it('do not wait for a clock that was set back', async () => {
    await report(['ann', 'bob'])
    await sql`update notification set due_at = clock_timestamp() + interval '40 days' where target = 'ann'`.execute(
      database.kysely,
    )
    expect(await claim()).toHaveLength(2)
    await sql`update notification set leased_until = clock_timestamp() + interval '40 days'`.execute(
      database.kysely,
    )
    expect(await claim()).toHaveLength(2)
  })

  it('are given back at once by a process that ends', async () => {
    await report(['ann'])
    const [claimed] = await claim()
    expect(await settleNotification(database, claimed!, { outcome: 'released' })).toBe('pending')
    expect(await claim()).toMatchObject([{ attempts: 1 }])
  })

  it('are sent again by a person where they failed or are in doubt, with the same id', async () => {
    await report(['ann'])
    const [claimed] = await claim()
    const again = () => sendNotificationAgain(database, claimed!.id, { actor: 'eve', giveUpMs: GIVE_UP_MS })
    await expect(again()).rejects.toMatchObject({ code: 'conflict' })
    await settleNotification(database, claimed!, { outcome: 'in_doubt', reason: 'cut' })
    expect(await again()).toMatchObject({ state: 'pending', attempts: 0, reason: null })
    expect(await claim()).toMatchObject([{ id: claimed!.id, messageId: claimed!.messageId }])
  })

  it('are removed when they are old, those that wait excepted', async () => {
    await report(['ann', 'bob'])
    await sql`update notification set state = 'sent', finished_at = now() - interval '40 days' where target = 'ann'`.execute(
      database.kysely,
    )
    await sql`update notification set created_at = now() - interval '40 days'`.execute(database.kysely)
    const { signal } = new AbortController()
    expect(await purgeNotifications(database, { days: 30, bytes: 1e9 }, signal)).toEqual({
      aged: 1,
      excess: 0,
    })
    expect(await states()).toEqual(['pending'])
  })

  it('of alerts outlive them: alerts that were resolved long ago are removed, open ones stay', async () => {
    await note(true)
    await note(false)
    await note(true)
    await sql`update alert set resolved_at = now() - interval '40 days' where resolved_at is not null`.execute(
      database.kysely,
    )
    const { signal } = new AbortController()
    expect(await purgeAlerts(database, { days: 30, bytes: 1e9 }, signal)).toEqual({ aged: 1, excess: 0 })
    expect((await listAlerts(database, { items: 5, bytes: 1e6 })).items).toMatchObject([{ resolvedAt: null }])
  })

  it('of daily reports outlive them: old reports are removed', async () => {
    await report(['ann'])
    await sql`insert into daily_report (day, facts, created_at)
      values ('2020-01-01', '{}', now() - interval '40 days')`.execute(database.kysely)
    expect(await purgeReports(database, 30)).toBe(1)
    expect(await listReportDays(database, '2019-01-01', '2040-01-01')).toHaveLength(1)
    expect(await states()).toEqual(['pending'])
  })

  it('are looked for by one process at a time, also after the clock was set back', async () => {
    expect(await takeRound(database, 'test', 60_000)).toBe(true)
    expect(await takeRound(database, 'test', 60_000)).toBe(false)
    await sql`update notification_round set due_at = clock_timestamp()`.execute(database.kysely)
    expect(await takeRound(database, 'test', 60_000)).toBe(true)
    await sql`update notification_round set due_at = clock_timestamp() + interval '40 days'`.execute(
      database.kysely,
    )
    expect(await takeRound(database, 'test', 60_000)).toBe(true)
  })

  const note = (holds: boolean, more: Partial<SeenCondition> = {}) =>
    noteCondition(
      database,
      { name: 'lag', holds, facts: { seconds: 5 }, afterMs: 0, ...more },
      {
        remindMs: 0,
        giveUpMs: GIVE_UP_MS,
        announce: ({ id }, event) => [{ ...toEmail(`${event}-${id}`), alertId: id }],
      },
    )

  itConcurrently(engine)('of an alert are made once, however many processes see it', async () => {
    const raised = (await Promise.all([note(true), note(true), note(true)])).filter(Boolean)
    expect(raised).toMatchObject([{ event: 'raised', alert: { condition: 'lag', resolvedAt: null } }])
    const resolved = (await Promise.all([note(false), note(false)])).filter(Boolean)
    expect(resolved).toMatchObject([{ event: 'resolved', alert: { id: raised[0]!.alert.id } }])
    expect(await states()).toEqual(['pending', 'pending'])
  })

  it('of an alert wait until it has held for long enough, counted from its first sight', async () => {
    const long = { afterMs: 3_600_000 }
    expect(await note(true, long)).toBeUndefined()
    await sql`update alert_condition set holds_since = holds_since - interval '59 minutes'`.execute(
      database.kysely,
    )
    expect(await note(true, long)).toBeUndefined()
    expect(await note(false, long)).toBeUndefined()
    await sql`update alert_condition set holds_since = holds_since - interval '2 hours'`.execute(
      database.kysely,
    )
    expect(await note(true, long)).toBeUndefined()
    await sql`update alert_condition set holds_since = holds_since - interval '2 hours'`.execute(
      database.kysely,
    )
    expect(await note(true, long)).toMatchObject({ event: 'raised' })
    expect(await note(false, long)).toBeUndefined()
    expect(await note(true, long)).toBeUndefined()
    expect(await note(false, long)).toBeUndefined()
    await sql`update alert_condition set clear_since = clear_since - interval '2 hours'`.execute(
      database.kysely,
    )
    expect(await note(false, long)).toMatchObject({ event: 'resolved' })
  })
})
