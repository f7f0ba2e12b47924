import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Page } from '@runnel/contracts/api/page'
import type { Report, ReportPreview } from '@runnel/contracts/api/report'
import { createTestDatabase, eventually, type TestDatabase } from '@runnel/testing'
import { connectBroker, type Broker } from '@runnel/messaging'
import { createLogger } from '@runnel/observability'
import { claimNotifications } from '@runnel/repositories-mailings'
import { sql } from 'kysely'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { insertReportedMailing } from './report-rows.ts'
import { createFakeClock, startDispatcher, type FakeClock, type TestDispatcher } from './start-dispatcher.ts'
import { startSmtpServer, type TestSmtpServer } from './start-smtp-server.ts'

const MORNING = Date.parse('2026-11-30T08:00:01Z')
const PEOPLE = ['ann@example.com', 'bob@example.com']

describe('the daily report', () => {
  let smtp: TestSmtpServer
  let made: TestDatabase
  let broker: Broker
  let clock: FakeClock
  let replicas: TestDispatcher[]

  beforeEach(async () => {
    smtp = await startSmtpServer()
    made = await createTestDatabase()
    broker = await connectBroker('memory:', { name: 'test', log: createLogger('test', 'silent') })
    clock = createFakeClock(MORNING)
    replicas = []
  })
  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()))
    await broker.close()
    await smtp.stop()
    await made.drop()
  })

  async function start(env: Record<string, string> = {}): Promise<TestDispatcher> {
    const replica = await startDispatcher({
      ...{ clock, broker, databaseUrl: made.url },
      env: {
        ...{ SMTP_HOST: '127.0.0.1', SMTP_PORT: String(smtp.port), SMTP_TLS: 'none' },
        ...{
          SMTP_FROM: 'Runnel <runnel@example.com>',
          REPORT_TO: PEOPLE.join(','),
          NOTIFY_INTERVAL_MS: '50',
        },
        CONSOLE_URL: 'https://runnel.example/console/',
        ...env,
      },
    })
    replicas.push(replica)
    return replica
  }

  const reports = async (replica: TestDispatcher) =>
    ((await replica.get('/api/v1/reports')).json() as Page<Report>).items
  const states = async (replica: TestDispatcher) =>
    (await reports(replica)).flatMap(({ notifications }) => notifications.map(({ state }) => state))
  /** Waits until some replica has looked for reports that are due once more. */
  async function nextRound({ database }: TestDispatcher): Promise<void> {
    const dueAt = async () => {
      const { rows } = await sql<{ due_at: Date }>`
        select due_at from notification_round where name = 'reports'`.execute(database.kysely)
      return rows[0]?.due_at.getTime() ?? 0
    }
    const before = await dueAt()
    await eventually(async () => (await dueAt()) > before)
  }
  const receivers = () => smtp.received.flatMap(({ to }) => to).sort()

  it('goes to each person once a day, however many replicas there are', async () => {
    const [one, two, three] = [await start(), await start(), await start()]
    await insertReportedMailing(one.database, {
      name: 'Sale',
      hour: '2026-11-29T10:00:00Z',
      sent: 1200,
      failed: 3,
    })
    for (const replica of [one, two, three]) replica.run()
    await eventually(async () => (await states(one)).filter((state) => state === 'sent').length === 2)
    expect(receivers()).toEqual(PEOPLE)
    await two.drain()
    // Another start, and the next hours of the day.
    const four = await start()
    clock.advance(8 * 3_600_000)
    four.run()
    await nextRound(four)
    await nextRound(four)
    expect(await reports(four)).toMatchObject([{ day: '2026-11-29', skipped: false }])
    expect(receivers()).toEqual(PEOPLE)
    clock.advance(16 * 3_600_000)
    await eventually(() => smtp.received.length === 4)
    expect((await reports(four)).map(({ day }) => day)).toEqual(['2026-11-30', '2026-11-29'])
  })

  it('tells in text and HTML what was sent, what failed and why, and nothing of other days', async () => {
    const replica = await start()
    const { database } = replica
    await insertReportedMailing(database, {
      name: '<b>Sale</b>',
      hour: '2026-11-29T10:00:00Z',
      sent: 1200,
      failed: 3,
    })
    await insertReportedMailing(database, { name: 'Earlier', hour: '2026-11-28T23:00:00Z', sent: 77 })
    await insertReportedMailing(database, { name: 'Later', hour: '2026-11-30T00:00:00Z', sent: 88 })
    await sql`insert into client (phone, operator_code, time_zone, opted_out_at)
      values (79160000001, '916', 'UTC', '2026-11-29T23:59:59Z'), (79160000002, '916', 'UTC', '2026-11-30T00:00:00Z')`.execute(
      database.kysely,
    )
    // One of them is on the list as well; the other one's client was deleted.
    await sql`insert into suppression (phone, reason, source, actor, opted_out_at)
      values (79160000001, 'opted_out', 'client', 'ann', '2026-11-29T23:59:59Z'),
        (79160000003, 'opted_out', 'client', 'ann', '2026-11-29T12:00:00Z')`.execute(database.kysely)
    await sql`insert into alert (condition, facts, started_at, resolved_at)
      values ('gateway_breaker', '{"reason":"failing"}', '2026-11-28T23:50:00Z', '2026-11-29T00:10:00Z')`.execute(
      database.kysely,
    )
    const preview = (await replica.get('/api/v1/reports/preview?day=2026-11-29')).json() as ReportPreview
    expect(preview.facts.totals).toMatchObject({ sent: 1200, failed: 3, unknown: 0 })
    expect(preview.facts).toMatchObject({
      mailings: [{ name: '<b>Sale</b>', counts: { sent: 1200, failed: 3 } }],
      failures: [
        { status: 'failed', reason: 'opted_out', messages: 2 },
        { status: 'failed', reason: 'http_400', messages: 1 },
      ],
      optOuts: 2,
      outages: [{ condition: 'gateway_breaker', reason: 'failing', until: '2026-11-29T00:10:00.000Z' }],
      events: { metrics: 0, logs: 0, products: 0, traces: 0 },
      deadLetters: { fresh: 0, kept: 0 },
    })
    expect(preview.subject).toBe(
      'Runnel, Sunday 29 November 2026: 1,200 sent, 3 failed, 1 outage of the gateway',
    )
    expect(preview.text).toContain('- 1 failed: the gateway or the webhook answered 400')
    expect(preview.text).toContain('https://runnel.example/console/mailings/1')
    expect(preview.text).not.toMatch(/Earlier|Later/)
    expect(preview.html).toContain('&lt;b&gt;Sale&lt;/b&gt;')
    expect(preview.html).not.toMatch(/<b>|<img|<script|http:\/\/(?!runnel)/)
    const page = await replica.get('/api/v1/reports/preview.html?day=2026-11-29')
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'unsafe-inline'/)
    expect(page.body).toBe(preview.html)
    replica.run()
    await eventually(() => smtp.received.length === 2)
    const { source } = smtp.received[0]!
    expect(source).toMatch(/^From: Runnel <runnel@example.com>\r$/m)
    expect(source).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    expect(source).toMatch(/^Content-Type: multipart\/alternative/m)
  })

  it('counts to the minute where days begin within an hour of UTC', async () => {
    const replica = await start({ REPORT_ZONE: 'Asia/Kolkata' })
    const { database } = replica
    const id = await insertReportedMailing(database, {
      name: 'Diwali',
      hour: '2026-11-29T10:00:00Z',
      sent: 7,
    })
    const add = (unit: string, at: string, count: number) =>
      sql`insert into mailing_tally (mailing_id, unit, at, status, slot, count)
        values (${id}, ${unit}, ${at}::timestamptz, 'sent', 0, ${count})`.execute(database.kysely)
    // The day lasts from 18:30 to 18:30.
    for (const day of ['28', '29']) {
      await add('hour', `2026-11-${day}T18:00:00Z`, 110)
      await add('minute', `2026-11-${day}T18:29:00Z`, 10)
      await add('minute', `2026-11-${day}T18:30:00Z`, 100)
    }
    const { facts } = (await replica.get('/api/v1/reports/preview?day=2026-11-29')).json() as ReportPreview
    expect(facts.totals.sent).toBe(100 + 7 + 10)
  })

  it('is not sent before its hour, in the time zone that is set', async () => {
    clock.set(Date.parse('2026-11-30T04:59:59Z'))
    const replica = await start({ REPORT_HOUR: '8', REPORT_ZONE: 'Europe/Moscow' })
    replica.run()
    await eventually(async () => (await reports(replica)).length === 1)
    // Of the day before, which was due 21 hours ago.
    expect(await reports(replica)).toMatchObject([{ day: '2026-11-28' }])
    clock.advance(1000)
    await eventually(async () => (await reports(replica)).length === 2)
    expect(await reports(replica)).toMatchObject([
      { day: '2026-11-29', facts: { from: '2026-11-28T21:00:00.000Z', until: '2026-11-29T21:00:00.000Z' } },
      { day: '2026-11-28' },
    ])
  })

  it('comes late where a person was greylisted, and with the reason of the refusal until then', async () => {
    smtp.refusals.push([451, 'Greylisted'], [451, 'Greylisted'], [451, 'Greylisted'])
    const replica = await start({ REPORT_TO: PEOPLE[0]! })
    replica.run()
    await eventually(async () => (await states(replica)).includes('sent'))
    expect(receivers()).toEqual([PEOPLE[0]])
    const [report] = await reports(replica)
    expect(report!.notifications).toMatchObject([{ attempts: 4, reason: null }])
  })

  it('fails for the one person whom the server refuses, and is sent again when somebody asks for it', async () => {
    const replica = await start()
    smtp.refusals.push([550, 'No such user'])
    replica.run()
    await eventually(async () => (await states(replica)).toSorted().join() === 'failed,sent')
    expect(smtp.received).toHaveLength(1)
    const failed = (await reports(replica))[0]!.notifications.find(({ state }) => state === 'failed')!
    expect(failed.reason).toContain('550 No such user')
    expect((await replica.post(`/api/v1/notifications/${failed.id}/send-again`)).statusCode).toBe(202)
    await eventually(() => smtp.received.length === 2)
    expect(receivers()).toEqual(PEOPLE)
    await eventually(async () => (await states(replica)).join() === 'sent,sent')
    const refused = await replica.post(`/api/v1/notifications/${failed.id}/send-again`)
    expect([refused.statusCode, refused.json()]).toMatchObject([409, { code: 'conflict', state: 'sent' }])
    expect((await replica.post('/api/v1/notifications/4711/send-again')).statusCode).toBe(404)
    const { rows } = await sql<{ action: string; subject: string }>`
      select action, subject from audit_log`.execute(replica.database.kysely)
    expect(rows).toEqual([{ action: 'send_again', subject: 'notification' }])
  })

  it('is in doubt, and not sent again by itself, where the connection breaks after the message', async () => {
    smtp.onData.push('cut')
    const [one, two] = [await start({ REPORT_TO: PEOPLE[0]! }), await start({ REPORT_TO: PEOPLE[0]! })]
    one.run()
    await eventually(async () => (await states(one)).join() === 'in_doubt')
    two.run()
    await nextRound(two)
    await nextRound(two)
    expect(smtp.received).toHaveLength(1)
    const [doubtful] = (await reports(one))[0]!.notifications
    expect((await two.post(`/api/v1/notifications/${doubtful!.id}/send-again`)).statusCode).toBe(202)
    await eventually(async () => (await states(one)).join() === 'sent')
    expect(smtp.received).toHaveLength(2)
    const ids = smtp.received.map(({ source }) => /^Message-ID:\s+(<.+>)\r$/im.exec(source)?.[1])
    expect(ids).toEqual([doubtful!.messageId, doubtful!.messageId])
  })

  it('goes on after a process that died: what was not begun is sent, what may have arrived is in doubt', async () => {
    const first = await start()
    first.run()
    await eventually(() => smtp.received.length === 2)
    await first.drain()
    smtp.received.length = 0
    const { kysely } = first.database
    await sql`update notification set state = 'pending'`.execute(kysely)
    const options = { channel: 'email', leaseMs: 60_000, repeatable: false, limit: 10 } as const
    expect(await claimNotifications(first.database, options)).toHaveLength(2)
    const second = await start()
    second.run()
    await nextRound(second)
    await nextRound(second)
    expect(smtp.received).toEqual([])
    await sql`update notification set leased_until = clock_timestamp(),
      transfer_at = case when target = ${PEOPLE[0]} then clock_timestamp() end`.execute(kysely)
    await eventually(async () => (await states(second)).toSorted().join() === 'in_doubt,sent')
    expect(receivers()).toEqual([PEOPLE[1]])
  })

  it('does not hold up a drain: what is on its way is in doubt, what is not begun waits for another process', async () => {
    smtp.onData.push('hang')
    const first = await start({ REPORT_TO: PEOPLE[0]! })
    first.run()
    await eventually(() => smtp.onData.length === 0)
    await first.drain()
    expect(await states(first)).toEqual(['in_doubt'])
    await sql`update notification set state = 'pending', transfer_at = null, attempts = 0`.execute(
      first.database.kysely,
    )
    const sockets: Socket[] = []
    const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const SMTP_PORT = String((silent.address() as AddressInfo).port)
    const second = await start({ REPORT_TO: PEOPLE[0]!, SMTP_PORT })
    second.run()
    await eventually(() => sockets.length === 1)
    await second.drain()
    expect((await reports(second))[0]!.notifications).toMatchObject([{ state: 'pending', attempts: 0 }])
    sockets.forEach((socket) => socket.destroy())
    silent.close()
  })

  it('leaves days without mailings out where it is told to, and makes up for missed days', async () => {
    const replica = await start({ REPORT_EMPTY_DAYS: 'false' })
    await insertReportedMailing(replica.database, { name: 'Sale', hour: '2026-12-01T10:00:00Z', sent: 1 })
    replica.run()
    await eventually(async () => (await reports(replica)).length === 1)
    expect(await reports(replica)).toMatchObject([{ day: '2026-11-29', skipped: true, notifications: [] }])
    // Two days without Runnel.
    clock.set(Date.parse('2026-12-02T09:00:00Z'))
    await eventually(async () => (await reports(replica)).length === 3)
    expect((await reports(replica)).map(({ day, skipped }) => [day, skipped])).toEqual([
      ['2026-12-01', false],
      ['2026-11-30', true],
      ['2026-11-29', true],
    ])
    await eventually(() => smtp.received.length === 2)
  })

  it('is sent to one of the configured people on request, and to nobody else', async () => {
    clock.set(Date.parse('2026-11-30T07:00:00Z'))
    const replica = await start({ REPORT_TO: PEOPLE[0]!, ALERT_EMAILS: PEOPLE[1]! })
    const sent = await replica.post('/api/v1/reports/send-now', { to: PEOPLE[1], day: '2026-11-30' })
    expect([sent.statusCode, sent.json()]).toMatchObject([202, { day: '2026-11-30', to: PEOPLE[1] }])
    const refused = await replica.post('/api/v1/reports/send-now', { to: 'eve@example.com' })
    expect([refused.statusCode, refused.json()]).toMatchObject([400, { code: 'invalid_field', field: '/to' }])
    const tomorrow = await replica.post('/api/v1/reports/send-now', { to: PEOPLE[1], day: '2026-12-01' })
    expect([tomorrow.statusCode, tomorrow.json()]).toMatchObject([
      400,
      { code: 'invalid_field', field: 'day' },
    ])
    expect((await replica.get('/api/v1/reports/preview?day=2026-02-30')).statusCode).toBe(400)
    expect((await replica.get('/api/v1/reports/2026-11-30')).statusCode).toBe(404)
  })
})
