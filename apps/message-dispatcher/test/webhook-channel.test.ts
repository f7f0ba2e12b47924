import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createLogger } from '@runnel/observability'
import { freePort } from '@runnel/testing'
import type { LookupAddress } from 'node:dns'
import type { ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import type { Channel } from '../src/sending/channels/channel.ts'
import {
  createWebhookChannel,
  type WebhookChannelOptions,
} from '../src/sending/channels/webhook/create-webhook-channel.ts'
import type { LookUp } from '../src/sending/channels/webhook/guarded-connector.ts'
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const CONTEXT = { mailingId: 7, clientId: 9 }

let receiver: WebhookReceiver
let channel: Channel
beforeEach(async () => {
  receiver = await startWebhookReceiver()
  channel = connect()
})
afterEach(async () => {
  await channel.close()
  await receiver.stop()
})

function connect(more: Partial<WebhookChannelOptions> = {}): Channel {
  return createWebhookChannel(
    { secrets: [SECRET], timeoutMs: 5000, connections: 4, allowedNetworks: ['127.0.0.1'], ...more },
    { clock: { nowMs: () => Date.now() }, log: createLogger('message-dispatcher', 'silent') },
  )
}

const send = (address = `${receiver.url}/hook?key=1`, by = channel, id = 42) =>
  by.send({ id, phone: 79161234567, address, text: 'привет' }, CONTEXT)

/** Names lead here, whatever they are. */
const leadingTo =
  (...addresses: readonly string[]): LookUp =>
  (_hostname, _options, callback) =>
    callback(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

describe('a message to a webhook', () => {
  it('is JSON, signed, under an id that stays the same at every attempt', async () => {
    receiver.answers.push((response) => response.writeHead(503).end())
    await send()
    expect(await send()).toMatchObject({
      outcome: 'accepted',
      httpStatus: 204,
      peer: new URL(receiver.url).host,
    })
    expect(receiver.calls).toHaveLength(2)
    for (const { method, path, headers, body } of receiver.calls) {
      expect([method, path, headers['content-type']]).toEqual(['POST', '/hook?key=1', 'application/json'])
      expect(headers['webhook-id']).toBe('message-42')
      const verified = new Webhook(SECRET).verify(body, headers as Record<string, string>)
      expect(verified).toEqual({ id: 42, mailingId: 7, clientId: 9, text: 'привет' })
    }
  })

  it('is signed with both secrets while they are rotated, so that a receiver may know either', async () => {
    const next = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
    const rotating = connect({ secrets: [next, SECRET] })
    await send(undefined, rotating)
    await rotating.close()
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.calls
    for (const secret of [SECRET, next])
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({ id: 42 })
  })

  it.each(['', 'nonsense', 'ftp://example.com/', 'javascript:alert(1)'])(
    'is rejected at the address %p',
    async (address) => {
      expect(await send(address)).toMatchObject({ outcome: 'rejected', reason: 'no_address' })
    },
  )
})

describe('what a receiver answers', () => {
  it.each([
    [200, { outcome: 'accepted' }],
    [201, { outcome: 'accepted' }],
    [302, { outcome: 'rejected', detail: 'redirects are not followed' }],
    [400, { outcome: 'rejected', httpStatus: 400 }],
    [401, { outcome: 'rejected' }],
    [404, { outcome: 'rejected' }],
    [410, { outcome: 'rejected', httpStatus: 410 }],
    [408, { outcome: 'refused', scope: 'address' }],
    [425, { outcome: 'refused', scope: 'address' }],
    [429, { outcome: 'refused', scope: 'address', retryAfterMs: 30_000 }],
    [500, { outcome: 'refused', scope: 'address', retryAfterMs: 30_000, detail: 'what it says' }],
    [503, { outcome: 'refused', scope: 'address' }],
  ])('%i', async (status, expected) => {
    receiver.answers.push((response: ServerResponse) =>
      response
        .writeHead(status, { 'retry-after': '30', location: `${receiver.url}/other` })
        .end('what\nit says'),
    )
    expect(await send()).toMatchObject(expected)
    expect(receiver.calls).toHaveLength(1)
  })

  it('leaves it open where the connection breaks, or no answer comes in time', async () => {
    receiver.answers.push((response) => response.destroy())
    expect(await send()).toMatchObject({ outcome: 'uncertain' })
    const hasty = connect({ timeoutMs: 200 })
    receiver.answers.push(() => undefined)
    expect(await send(undefined, hasty)).toMatchObject({ outcome: 'uncertain' })
    await hasty.close()
  })

  it('a receiver that is not there was not reached', async () => {
    const address = `http://127.0.0.1:${await freePort()}/`
    expect(await send(address)).toMatchObject({ outcome: 'unreached', peer: new URL(address).host })
  })

  it('an answer without an end costs its timeout and its first bytes, and is a yes', async () => {
    receiver.answers.push((response) => {
      response.writeHead(200)
      response.write(Buffer.alloc(1024 * 1024))
    })
    expect(await send()).toMatchObject({ outcome: 'accepted' })
  })
})

describe('a private network', () => {
  it.each([
    'http://127.0.0.1:1/',
    'http://[::1]:1/',
    'http://[::ffff:7f00:1]:1/',
    'http://2130706433:1/',
    'http://0x7f.1:1/',
  ])('is not called: %s', async (address) => {
    const guarded = connect({ allowedNetworks: [] })
    expect(await send(address, guarded)).toMatchObject({ outcome: 'rejected', reason: 'private_address' })
    await guarded.close()
  })

  it('is not called by a name that leads there, whatever it has led to before', async () => {
    const { port } = new URL(receiver.url)
    const answers = [['127.0.0.1'], ['10.0.0.1', '::1']]
    const guarded = connect({
      allowedNetworks: [],
      lookUp: (hostname, options, callback) =>
        leadingTo(...(answers.shift() ?? []))(hostname, options, callback),
    })
    for (let id = 1; id <= 2; id++) {
      const result = await send(`http://receiver.example:${port}/`, guarded, id)
      expect(result).toMatchObject({ outcome: 'rejected', reason: 'private_address' })
    }
    expect(receiver.calls).toEqual([])
    await guarded.close()
  })

  it('is called where a setting names it, by the addresses that are open alone', async () => {
    const { port } = new URL(receiver.url)
    const open = connect({ lookUp: leadingTo('10.0.0.1', '127.0.0.1') })
    expect(await send(`http://receiver.example:${port}/`, open)).toMatchObject({ outcome: 'accepted' })
    await open.close()
  })
})
