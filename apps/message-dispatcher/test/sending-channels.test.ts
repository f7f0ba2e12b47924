import type { ChannelName } from '@runnel/contracts'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { findMessage } from '@runnel/repositories-mailings'
import { eventually } from '@runnel/testing'
import { firstMessageOf, NOON_MS, openSendingDatabase, type SendingDatabase } from './sending-database.ts'
import { createFakeBreaker, startEngine, type TestEngine, type TestEngineOptions } from './sending-engine.ts'
import { createFakeGateway, YES, type FakeGateway } from './sending-gateway.ts'

describe('engines of channels', () => {
  let database: SendingDatabase
  let engines: TestEngine[]
  let nowMs: number
  beforeEach(async () => {
    nowMs = NOON_MS
    engines = []
    database = await openSendingDatabase()
  })
  afterEach(async () => {
    await Promise.all(engines.map((engine) => engine.drain()))
    await database.drop()
  })

  /** @returns what the channel was given */
  const start = (channelName: ChannelName, more: Partial<TestEngineOptions> = {}): FakeGateway => {
    const channel = createFakeGateway(() => nowMs)
    const options = { channelName, deduplicates: channelName !== 'email' }
    engines.push(startEngine({ database, channel, nowMs: () => nowMs, options, owner: channelName, ...more }))
    return channel
  }
  const settled = (expected: Record<string, number>) =>
    eventually(async () => expect(await database.counts()).toEqual(expected) ?? true)
  const mailingsOf = ({ calls }: FakeGateway) =>
    [...new Set(calls.map(({ id }) => Math.floor(id / 1_000_000)))].sort()

  it('send the mailings of their channel alone, each message once, fresh ones and retries', async () => {
    for (const [index, channel] of (['gateway', 'email', 'webhook'] as const).entries())
      await database.insertMailing({ mailingId: index + 1, channel, chunks: 2, perChunk: 40 })
    const channels = (['gateway', 'email', 'webhook'] as const).map((name) => start(name))
    for (const [index, channel] of channels.entries()) {
      let failures = 5 * (index + 1)
      channel.answer = () =>
        failures-- > 0 ? { outcome: 'refused', scope: 'address', httpStatus: 503 } : YES
    }
    await eventually(async () => (await database.counts())['retry'] === 30)
    nowMs += 60_000
    for (const engine of engines) engine.wake()
    await settled({ sent: 240 })
    expect(channels.map(mailingsOf)).toEqual([[1], [2], [3]])
    for (const { effects } of channels) expect([...effects.values()].every((count) => count === 1)).toBe(true)
  })

  it('go on while another channel stands still', async () => {
    await database.insertMailing({ mailingId: 1, channel: 'gateway', perChunk: 20 })
    await database.insertMailing({ mailingId: 2, channel: 'email', perChunk: 20, subject: 'News' })
    const breaker = createFakeBreaker()
    breaker.limit = 0
    const gateway = start('gateway', { breaker })
    start('email')
    await settled({ pending: 20, sent: 20 })
    expect(gateway.calls).toEqual([])
  })

  it('give the channel the address of the client, the rendered subject, and where to opt out', async () => {
    await database.insertMailing({
      ...{ channel: 'email', perChunk: 1, subject: 'For {{ tag }}' },
      template: 'Bye: {{ unsubscribeUrl }}',
    })
    const id = firstMessageOf(1)
    const email = start('email', {
      unsubscribeUrl: ({ mailingId, clientId, address }) =>
        `https://example.org/${mailingId}/${clientId}/${address}`,
    })
    await settled({ sent: 1 })
    const unsubscribeUrl = `https://example.org/1/${id}/${id}@example.com`
    expect(email.calls).toEqual([
      {
        ...{ id, phone: 79_010_000_000 + id, address: `${id}@example.com`, subject: 'For vip' },
        ...{ text: `Bye: ${unsubscribeUrl}`, unsubscribeUrl, atMs: NOON_MS },
      },
    ])
    const { lastAttempts } = (await findMessage(database, id)).value!
    expect(lastAttempts).toMatchObject([{ text: `Bye: ${unsubscribeUrl}`, phone: null }])
  })

  it('cancel messages to clients that have lost their address, or whose address is suppressed', async () => {
    await database.insertMailing({ mailingId: 2, channel: 'email', perChunk: 3, subject: 'News' })
    const first = firstMessageOf(2)
    await database.run(`update client set email = null where id = ${first}`)
    await database.run(
      `insert into suppressed_address (channel, address, reason, source, actor)
       values ('email', '${first + 1}@example.com', 'opt-out', 'one-click', 'someone')`,
    )
    const email = start('email')
    await settled({ cancelled: 2, sent: 1 })
    expect(email.calls.map(({ id }) => id)).toEqual([first + 2])
    expect((await database.messages()).map(({ reason }) => reason)).toEqual(['no_address', 'opted_out', null])
  })

  it('a message that may have arrived by e-mail is unknown, and not sent again; one to a webhook is', async () => {
    await database.insertMailing({ mailingId: 1, channel: 'email', perChunk: 1, subject: 'News' })
    await database.insertMailing({ mailingId: 2, channel: 'webhook', perChunk: 1 })
    const [email, webhook] = [start('email'), start('webhook')]
    for (const channel of [email, webhook]) channel.answer = () => ({ outcome: 'uncertain', arrived: true })
    await settled({ unknown: 1, retry: 1 })
    webhook.answer = () => YES
    nowMs += 60_000
    for (const engine of engines) engine.wake()
    await settled({ unknown: 1, sent: 1 })
    expect([email.calls.length, webhook.calls.length]).toEqual([1, 2])
  })
})
