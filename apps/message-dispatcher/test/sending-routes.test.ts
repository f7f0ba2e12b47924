import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { ChannelStops } from '@runnel/contracts/api/sending'
import { changeProviderState, pauseProvider, readProviderState } from '@runnel/repositories-mailings'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

describe('a stop of sending', () => {
  let dispatcher: TestDispatcher
  beforeAll(async () => {
    dispatcher = await startDispatcher({
      env: { EMAIL_HOST: '127.0.0.1', EMAIL_PORT: '9', EMAIL_FROM: 'shop@example.org' },
    })
    dispatcher.run()
  })
  afterAll(() => dispatcher.stop())
  beforeEach(async () => {
    await sql`update provider_state set state = 'closed', reason = null, version = version + 1, step = 0,
      paused_until = clock_timestamp()`.execute(dispatcher.database.kysely)
  })

  const read = async () => (await dispatcher.get('/api/v1/sending')).json<Record<string, unknown>>()
  const resume = async () => (await dispatcher.post('/api/v1/sending/resume')).json<Record<string, unknown>>()
  const open = async (reason: string) => {
    const { rows } = await sql<{
      version: number
    }>`select version from provider_state where name = 'gateway'`.execute(dispatcher.database.kysely)
    const change = { state: 'open', reason, step: 0, probeInMs: 600_000 } as const
    expect(await changeProviderState(dispatcher.database, rows[0]!.version, change)).toBeDefined()
  }
  const note = async () =>
    (await dispatcher.get('/readyz')).json<{ notes?: { gateway: string } }>().notes?.gateway
  const scrape = () => dispatcher.metrics.metrics()

  it('that the gateway asked for is told with its end by the route, /readyz and the metrics, and ended by a person', async () => {
    expect(await read()).toEqual({ state: 'closed', reason: null, resumesAt: null })
    await pauseProvider(dispatcher.database, 600_000)
    const told = await read()
    expect(told).toMatchObject({ state: 'paused', reason: 'too_many_requests' })
    const leftMs = Date.parse(String(told['resumesAt'])) - dispatcher.clock.nowMs()
    expect(leftMs).toBeGreaterThan(300_000)
    expect(leftMs).toBeLessThanOrEqual(600_000)
    await eventually(async () => (await note())?.includes('429 with Retry-After'))
    expect(await scrape()).toMatch(
      /runnel_gateway_breaker_state\{state="paused",app="message-dispatcher"\} 1/,
    )
    expect(await scrape()).toMatch(
      /runnel_gateway_stopped\{reason="too_many_requests",app="message-dispatcher"\} 1/,
    )
    expect(await scrape()).toMatch(/runnel_gateway_resumes_in_seconds\{app="message-dispatcher"\} [1-9]/)
    expect(await resume()).toEqual({ changed: true, state: 'closed', reason: null, resumesAt: null })
    await eventually(async () => (await note()) === undefined)
    expect(await scrape()).toMatch(/runnel_gateway_resumes_in_seconds\{app="message-dispatcher"\} 0/)
    expect(await resume()).toMatchObject({ changed: false, state: 'closed' })
  })

  it('is ended by a command that names the type of a body and sends none', async () => {
    await pauseProvider(dispatcher.database, 600_000)
    const command = (url: string) =>
      dispatcher.http.inject({ method: 'POST', url, headers: { 'content-type': 'application/json' } })
    const resumed = await command('/api/v1/sending/resume')
    expect([resumed.statusCode, resumed.json().changed]).toEqual([200, true])
    const created = await command('/api/v1/mailings')
    expect([created.statusCode, created.json().code]).toEqual([400, 'invalid_field'])
  })

  it('by the breaker is told with its reason, and a person makes it ramp up; the audit log says who', async () => {
    await open('not_found')
    expect(await read()).toMatchObject({ state: 'open', reason: 'not_found' })
    await eventually(async () => (await note())?.startsWith('Nothing is sent (not_found)'))
    const answer = await dispatcher.post('/api/v1/sending/resume', undefined, { 'x-forwarded-user': 'ann' })
    expect(answer.json()).toMatchObject({ changed: true, reason: null, resumesAt: null })
    const { rows } = await sql<{ actor: string; detail: object }>`
      select actor, detail from audit_log where subject = 'gateway' order by id desc limit 1`.execute(
      dispatcher.database.kysely,
    )
    expect(rows[0]).toMatchObject({ actor: 'ann', detail: { state: 'open', reason: 'not_found' } })
  })

  it('of one channel is told and ended apart from the others', async () => {
    const { database } = dispatcher
    const email = (await readProviderState(database, 'email'))!
    const change = { state: 'open', reason: 'sender_refused', step: 0, probeInMs: 600_000 } as const
    await changeProviderState(database, email.version, change, 'email')
    const states = async () => (await dispatcher.get('/api/v1/sending/channels')).json<ChannelStops>().items
    expect(await states()).toMatchObject([
      { channel: 'gateway', state: 'closed', reason: null, resumesAt: null },
      { channel: 'email', state: 'open', reason: 'sender_refused' },
    ])
    expect(await read()).toEqual({ state: 'closed', reason: null, resumesAt: null })
    await eventually(async () => {
      const { notes = {} } = (await dispatcher.get('/readyz')).json<{ notes?: object }>()
      return JSON.stringify(notes).includes('the channel email') && !('gateway' in notes)
    })
    expect(await scrape()).toMatch(/runnel_channel_stopped\{channel="email",reason="sender_refused",.*\} 1/)
    const resumeOf = (channel: string) => dispatcher.post(`/api/v1/sending/channels/${channel}/resume`)
    expect((await resumeOf('gateway')).json()).toMatchObject({ changed: false })
    expect((await resumeOf('email')).json()).toMatchObject({ changed: true, reason: null })
    expect((await states())[1]).toMatchObject({ channel: 'email', reason: null })
    expect((await resumeOf('pigeon')).statusCode).toBe(400)
  })
})
