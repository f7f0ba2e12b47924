import type { ChannelName } from '@runnel/contracts'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Alert } from '@runnel/contracts/api/alert'
import type { Page } from '@runnel/contracts/api/page'
import type { BrokerState } from '@runnel/contracts/api/system'
import { changeProviderState, pauseProvider, readProviderState } from '@runnel/repositories-mailings'
import { createTestDatabase, eventually, type TestDatabase } from '@runnel/testing'
import { sql } from 'kysely'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'
import { startSmtpServer, type TestSmtpServer } from './start-smtp-server.ts'
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

interface Told {
  readonly type: string
  readonly data: { readonly condition: string; readonly text: string; readonly url: string }
}

describe('alerts', () => {
  let smtp: TestSmtpServer
  let receiver: WebhookReceiver
  let made: TestDatabase
  let replicas: TestDispatcher[]

  beforeEach(async () => {
    smtp = await startSmtpServer()
    receiver = await startWebhookReceiver()
    made = await createTestDatabase()
    replicas = []
  })
  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()))
    await Promise.all([smtp.stop(), receiver.stop()])
    await made.drop()
  })

  async function start(env: Record<string, string> = {}): Promise<TestDispatcher> {
    const replica = await startDispatcher({
      databaseUrl: made.url,
      env: {
        ...{ SMTP_HOST: '127.0.0.1', SMTP_PORT: String(smtp.port), SMTP_TLS: 'none' },
        ...{ SMTP_FROM: 'runnel@example.com', ALERT_EMAILS: 'ann@example.com' },
        ...{ ALERT_WEBHOOK_URLS: `${receiver.url}/hook/of-a-secret?k=1`, ALERT_WEBHOOK_SECRET: SECRET },
        ...{ ALERT_AFTER_SECONDS: '0', ALERT_INTERVAL_MS: '100', NOTIFY_INTERVAL_MS: '50' },
        // Nothing is probed: the breaker stays as the test sets it.
        ...{ BREAKER_PROBE_INTERVAL_MS: '600000', CONSOLE_URL: 'https://runnel.example/console' },
        ...env,
      },
    })
    replicas.push(replica)
    replica.run()
    return replica
  }

  const alerts = async (replica: TestDispatcher) =>
    ((await replica.get('/api/v1/alerts')).json() as Page<Alert>).items
  const told = () => receiver.calls.map(({ body }) => JSON.parse(body) as Told)
  const types = () => told().map(({ type, data }) => `${type} ${data.condition}`)

  async function setBreaker(
    replica: TestDispatcher,
    state: 'open' | 'closed',
    channel: ChannelName = 'gateway',
  ): Promise<void> {
    await eventually(async () => {
      const { version } = (await readProviderState(replica.database, channel))!
      const change = { state, reason: state === 'open' ? 'failing' : null, step: 0, probeInMs: 600_000 }
      return (await changeProviderState(replica.database, version, change, channel)) !== undefined
    })
  }

  /** Waits until conditions were looked at anew, from beginning to end. */
  async function nextLook({ database }: TestDispatcher): Promise<void> {
    const dueAt = async () => {
      const { rows } = await sql<{ due_at: Date }>`
        select due_at from notification_round where name = 'alerts'`.execute(database.kysely)
      return rows[0]?.due_at.getTime() ?? 0
    }
    for (let looks = 0; looks < 2; looks++) {
      const before = await dueAt()
      await eventually(async () => (await dueAt()) > before)
    }
  }

  it('tell of an open breaker once, by e-mail and by signed webhook, over two replicas and a restart', async () => {
    const [one, two] = [await start(), await start()]
    await setBreaker(one, 'open')
    await eventually(() => receiver.calls.length === 1 && smtp.received.length === 1)
    await nextLook(one)
    await two.drain()
    const three = await start()
    await nextLook(three)
    expect(types()).toEqual(['alert.raised gateway_breaker'])
    const [{ method, path, headers, body }] = receiver.calls as [(typeof receiver.calls)[number]]
    expect([method, path, headers['content-type']]).toEqual([
      'POST',
      '/hook/of-a-secret?k=1',
      'application/json',
    ])
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body))
    expect(() => new Webhook(SECRET).verify(`${body} `, headers as Record<string, string>)).toThrow()
    expect(told()[0]!.data).toMatchObject({
      text: expect.stringContaining('The breaker is open (failing)'),
      url: 'https://runnel.example/console/system',
    })
    expect(smtp.received[0]!.source).toMatch(/^Subject: Runnel: The gateway fails, and nothing is sent\r$/m)
    await setBreaker(one, 'closed')
    await eventually(() => receiver.calls.length === 2 && smtp.received.length === 2)
    expect(types()).toEqual(['alert.raised gateway_breaker', 'alert.resolved gateway_breaker'])
    expect(smtp.received[1]!.source).toMatch(/^Subject: Runnel, resolved: The gateway works again\r$/m)
    // Another time is another alert.
    await setBreaker(three, 'open')
    await eventually(() => receiver.calls.length === 3)
    const listed = await alerts(one)
    expect(listed).toMatchObject([
      { condition: 'gateway_breaker', resolvedAt: null },
      { condition: 'gateway_breaker', resolvedAt: expect.any(String) },
    ])
    await eventually(async () =>
      (await alerts(one)).every(({ notifications }) => notifications.every(({ state }) => state === 'sent')),
    )
    expect(JSON.stringify(await alerts(one))).not.toContain('of-a-secret')
  })

  it('tell of a channel that stands still by its name, and of none that is not configured', async () => {
    const email = { EMAIL_HOST: '127.0.0.1', EMAIL_PORT: '9', EMAIL_FROM: 'shop@example.org' }
    const replica = await start(email)
    await setBreaker(replica, 'open', 'webhook')
    await setBreaker(replica, 'open', 'email')
    await eventually(() => types().join() === 'alert.raised email_breaker')
    expect(told()[0]!.data).toMatchObject({
      title: 'E-mail: nothing is sent, for the mail server cannot be used',
    })
    await nextLook(replica)
    await setBreaker(replica, 'closed', 'email')
    await eventually(() => types().join() === 'alert.raised email_breaker,alert.resolved email_breaker')
  })

  it('wait for as long as they are told to, and forget what was over before', async () => {
    const replica = await start({ ALERT_AFTER_SECONDS: '3600' })
    await setBreaker(replica, 'open')
    await nextLook(replica)
    expect(await alerts(replica)).toEqual([])
    const age = sql`update alert_condition set holds_since = holds_since - interval '1 hour'
      where name = 'gateway_breaker'`
    await age.execute(replica.database.kysely)
    await eventually(() => types().join() === 'alert.raised gateway_breaker')
    await setBreaker(replica, 'closed')
    await nextLook(replica)
    await setBreaker(replica, 'open')
    await nextLook(replica)
    expect(types()).toEqual(['alert.raised gateway_breaker'])
  })

  it('remind of what is not resolved, where they are told to', async () => {
    const replica = await start({ ALERT_REMIND_HOURS: '2' })
    await setBreaker(replica, 'open')
    await eventually(() => receiver.calls.length === 1)
    await nextLook(replica)
    const age = sql`update alert set raised_at = raised_at - interval '2 hours'`
    await age.execute(replica.database.kysely)
    await eventually(() => receiver.calls.length === 2)
    await nextLook(replica)
    expect(types()).toEqual(['alert.raised gateway_breaker', 'alert.reminder gateway_breaker'])
  })

  it('tell of a pause that the gateway asked for, of dead letters and of a suspended retention', async () => {
    const replica = await start()
    const { kysely } = replica.database
    await pauseProvider(replica.database, 600_000)
    await sql`insert into dead_letter (source_id, kind, subject, payload, reason, operation, first_failed_at, last_failed_at, attempts)
      values (gen_random_uuid(), 'logs', 'logs', '{}', 'bad', 'upsert', now(), now(), 1)`.execute(kysely)
    await sql`insert into time_mark (name, mark_at, known_at, uptime_ms, suspended_by, suspended_at)
      values ('events', now(), now(), 0, 'removal', now())`.execute(kysely)
    await eventually(() => receiver.calls.length === 3)
    expect(types().sort()).toEqual(
      ['dead_letters', 'gateway_pause', 'retention_suspended'].map((name) => `alert.raised ${name}`),
    )
    await sql`update dead_letter set last_failed_at = now() - interval '16 minutes'`.execute(kysely)
    await sql`update time_mark set suspended_by = null, suspended_at = null`.execute(kysely)
    await eventually(() => receiver.calls.length === 5)
    expect(
      told().find(({ type, data }) => type === 'alert.resolved' && data.condition === 'dead_letters')!.data
        .text,
    ).toBe('None did for 15 minutes. 1 letter is kept, to be replayed or deleted.')
  })

  it('tell of events that are stored late, as query-api knows it; what it does not know changes nothing', async () => {
    const broker: Partial<BrokerState>[] = [
      { kind: 'logs', pendingMessages: 9, unsettledMessages: 0, storedEvents: 1, lagSeconds: 300 },
    ]
    let status = 200
    const queryApi = createServer((request, response) => {
      const isSystem = request.url === '/api/v1/system'
      response.writeHead(isSystem ? status : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ apps: [{ name: 'consumer', status: 'ready' }], broker }))
    }).listen(0, '127.0.0.1')
    await once(queryApi, 'listening')
    const QUERY_API_URL = `http://127.0.0.1:${(queryApi.address() as AddressInfo).port}`
    const replica = await start({ QUERY_API_URL })
    await eventually(() => types().join() === 'alert.raised lag')
    expect(told()[0]!.data.text).toContain('logs: 300 seconds late, 9 messages wait.')
    status = 503
    await nextLook(replica)
    expect(types()).toEqual(['alert.raised lag'])
    status = 200
    broker[0] = { ...broker[0], pendingMessages: 0 }
    await eventually(() => types().join() === 'alert.raised lag,alert.resolved lag')
    queryApi.close()
  })

  it('try a webhook again with the same id until it answers with 2xx, follow no redirect, and stop at 410', async () => {
    const elsewhere = await startWebhookReceiver()
    receiver.answers.push(
      (response) => response.writeHead(500).end(),
      (response) => response.writeHead(302, { location: elsewhere.url }).end(),
      (response) => void response.socket?.destroy(),
    )
    const replica = await start({ ALERT_EMAILS: '' })
    await setBreaker(replica, 'open')
    await eventually(() => receiver.calls.length === 4)
    expect(new Set(receiver.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(elsewhere.calls).toEqual([])
    await elsewhere.stop()
    await eventually(async () => (await alerts(replica))[0]?.notifications[0]?.state === 'sent')
    receiver.answers.push((response) => response.writeHead(410).end())
    await setBreaker(replica, 'closed')
    await eventually(async () =>
      (await alerts(replica))[0]!.notifications.some(
        ({ state, reason }) => state === 'failed' && reason?.includes('410'),
      ),
    )
    expect(receiver.calls).toHaveLength(5)
  })

  it('are noted for the daily report even where nobody is told', async () => {
    const replica = await start({
      ALERT_EMAILS: '',
      ALERT_WEBHOOK_URLS: '',
      SMTP_HOST: '',
      ALERT_WEBHOOK_SECRET: '',
    })
    await setBreaker(replica, 'open')
    await eventually(async () => (await alerts(replica)).length === 1)
    expect(await alerts(replica)).toMatchObject([{ condition: 'gateway_breaker', notifications: [] }])
    const preview = await replica.get(`/api/v1/reports/preview?day=${new Date().toISOString().slice(0, 10)}`)
    expect(preview.json()).toMatchObject({
      facts: { outages: [{ condition: 'gateway_breaker', until: null }] },
    })
  })
})
