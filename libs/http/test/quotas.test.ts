import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createMetrics, parseExposition } from '@runnel/observability'
import fastify, { type FastifyInstance } from 'fastify'
import { createKeyUsage } from '../src/access/quotas/key-usage.ts'
import { chargeEvents, meterKeys, requireQuota } from '../src/access/quotas/meter-keys.ts'
import { STRANGER } from '../src/access/principal.ts'
import type { KeyQuotas } from '@runnel/contracts'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { idOf, TestKeys } from './keys.ts'

describe('the quotas of a key', () => {
  let app: FastifyInstance
  let keys: TestKeys
  let nowMs: number
  let waiting: (() => void)[]
  /** Resolves once the head of a request is there. */
  let seen: Promise<void>
  const metrics = createMetrics('test')

  beforeEach(async () => {
    keys = new TestKeys()
    nowMs = 100_000
    waiting = []
    metrics.clear()
    app = fastify()
    app.decorateRequest('principal')
    app.addHook('onRequest', (request, _reply, done) => {
      const id = String(request.headers['x-id'] ?? '')
      // As where another app has verified the key, and forwards the request.
      const key = request.headers['x-forwarded'] === undefined ? keys.find(id) : undefined
      request.principal = id === '' ? STRANGER : { ...STRANGER, kind: 'key', id, key }
      done()
    })
    meterKeys(app, { keys, metrics, nowMs: () => nowMs })
    app.post('/events', { config: { access: 'logs:write' } }, (request) => {
      chargeEvents(request, Number(request.headers['x-events'] ?? 0))
      return 'ok'
    })
    app.post('/items', { config: { access: 'logs:write', refusesByItem: true } }, async (request) => {
      if (request.headers['x-wait']) await wait()
      requireQuota(request)
      return 'ok'
    })
    const wait = () => new Promise<string>((resolve) => waiting.push(() => resolve('done')))
    app.get('/read', { config: { access: 'logs:read' } }, wait)
    app.get('/forwarded/:status', { config: { access: 'signed-in' } }, ({ params }, reply) =>
      reply.code(Number((params as { status: string }).status)).send('as the other app answers'),
    )
    // As a proxy does: undici takes the socket off a request whose body it has sent on.
    app.addContentTypeParser('text/csv', (_request, _payload, done) => done(null))
    app.post('/forwarded', { config: { access: 'signed-in' } }, async ({ raw }) => {
      for await (const _ of raw);
      Object.assign(raw, { socket: null })
      return 'ok'
    })
    app.get('/healthz', { config: { access: 'public' } }, () => 'ok')
    app.get('/tail', { config: { access: 'logs:read', share: 'tails' } }, wait)
    seen = new Promise((resolve) => app.addHook('onRequest', async () => resolve()))
    await app.ready()
  })
  afterEach(() => app.close())

  const add = (quotas: KeyQuotas) => idOf(keys.add(['logs:write'], { quotas }))
  const post = (id: string, headers: object = {}, payload = '') =>
    app.inject({ method: 'POST', url: '/events', headers: { 'x-id': id, ...headers }, payload })

  it('are not used by what asks for no key, which is answered whatever they say', async () => {
    const id = add({ requests: 1 })
    const health = () => app.inject({ url: '/healthz', headers: { 'x-id': id } })
    for (let i = 0; i < 5; i++) expect((await health()).statusCode).toBe(200)
    expect((await post(id)).statusCode).toBe(200)
    await post(id)
    expect((await post(id)).statusCode).toBe(500)
    expect((await health()).statusCode).toBe(200)
  })

  it('are looked at behind the body where a route refuses by item, of no more than two requests at a time', async () => {
    const id = add({ requests: 1 })
    const send = (headers: object = {}) =>
      app.inject({ method: 'POST', url: '/items', headers: { 'x-id': id, ...headers } })
    expect((await send()).statusCode).toBe(200)
    await send()
    const open = [send({ 'x-wait': '1' }), send({ 'x-wait': '1' })]
    while (waiting.length < 2) await new Promise(setImmediate)
    const third = await send({ 'x-wait': '1' })
    expect([third.statusCode, waiting.length]).toEqual([500, 2])
    waiting.forEach((end) => end())
    const refused = await Promise.all(open)
    expect(refused.map(({ body }) => body)).toEqual([
      expect.stringContaining('quota'),
      expect.stringContaining('quota'),
    ])
    expect((await send()).body).toContain('quota')
  })

  it('of requests: 429 with Retry-After and RateLimit, and through again after that', async () => {
    const id = add({ requests: 2 })
    const first = await post(id)
    expect(first.headers).toMatchObject({
      ratelimit: '"requests";r=1;t=0',
      'ratelimit-policy': '"requests";q=2;w=1',
    })
    // Both of a second are used, and half of a second pays for one.
    await post(id)
    await post(id)
    const refused = await post(id)
    expect(refused.json()).toMatchObject({ code: 'quota_exceeded' })
    expect(refused.headers).toMatchObject({ ratelimit: '"requests";r=0;t=1' })
    nowMs += 501
    expect((await post(id)).statusCode).toBe(200)
  })

  it('of events: the batch that is over goes through, what follows waits until it is paid off', async () => {
    const id = add({ events: 100 })
    expect((await post(id, { 'x-events': '1000' })).statusCode).toBe(200)
    expect((await post(id)).json()).toMatchObject({ code: 'quota_exceeded' })
    nowMs += 8999
    expect((await post(id)).json()).toMatchObject({ code: 'quota_exceeded' })
    nowMs += 2
    expect((await post(id)).statusCode).toBe(200)
  })

  it('of bytes: the length that is said counts before the body is read', async () => {
    const id = add({ bytes: 10 })
    const text = { 'content-type': 'text/plain' }
    expect((await post(id, text, 'x'.repeat(100))).statusCode).toBe(200)
    expect((await post(id, text, 'x')).json()).toMatchObject({ code: 'quota_exceeded' })
    nowMs += 9001
    expect((await post(id, text, 'x')).statusCode).toBe(200)
  })

  it('of places: free again when a request ends; tails take none of reads', async () => {
    const id = add({ reads: 1, tails: 1 })
    const get = (url: string) => app.inject({ url, headers: { 'x-id': id } }).then((answer) => answer)
    const reading = get('/read')
    const tailing = get('/tail')
    expect((await get('/read')).json()).toMatchObject({ code: 'quota_exceeded' })
    expect((await get('/tail')).json()).toMatchObject({ code: 'quota_exceeded' })
    while (waiting.length < 2) await new Promise(setImmediate)
    for (const end of waiting.splice(0)) end()
    expect([(await reading).statusCode, (await tailing).statusCode]).toEqual([200, 200])
    const again = get('/read')
    while (waiting.length === 0) await new Promise(setImmediate)
    for (const end of waiting.splice(0)) end()
    expect((await again).statusCode).toBe(200)
  })

  it('are of that key alone, and of the key as it is now', async () => {
    const text = keys.add(['logs:write'], { quotas: { events: 1 } })
    const [id, other] = [idOf(text), add({ events: 1 })]
    await post(id, { 'x-events': '1000' })
    expect((await post(id)).statusCode).not.toBe(200)
    expect((await post(other)).statusCode).toBe(200)
    expect((await post('')).statusCode).toBe(200)
    keys.change(text, { quotas: {} })
    expect((await post(id)).statusCode).toBe(200)
  })

  it('are not asked again behind the app that forwarded the request', async () => {
    const id = add({ requests: 1 })
    for (let n = 0; n < 5; n++) expect((await post(id, { 'x-forwarded': '1' })).statusCode).toBe(200)
  })

  it.each([
    [200, { requests: 1, refused: 0 }],
    [401, { requests: 0, refused: 1 }],
    [403, { requests: 0, refused: 1 }],
    [503, { requests: 1, refused: 0 }],
  ])('are counted once, by the answer: %d of another app', async (status, counted) => {
    const id = add({})
    const answer = await app.inject({ url: `/forwarded/${status}`, headers: { 'x-id': id } })
    expect(answer.statusCode).toBe(status)
    expect(keys.counts.get(id)).toMatchObject(counted)
  })

  it('of bytes: a body of unknown length that another app reads counts as what came behind the head', async () => {
    const id = add({})
    await app.listen({ host: '127.0.0.1', port: 0 })
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    const type = 'content-type: text/csv\r\ntransfer-encoding: chunked'
    socket.write(`POST /forwarded HTTP/1.1\r\nhost: x\r\nx-id: ${id}\r\n${type}\r\n\r\n`)
    await seen
    const body = '7\r\nxxxxxxx\r\n0\r\n\r\n'
    socket.write(body)
    await once(socket, 'data')
    socket.destroy()
    while (keys.counts.get(id)?.bytes === 0) await new Promise(setImmediate)
    expect(keys.counts.get(id)?.bytes).toBe(body.length)
  })

  it('are counted by key', async () => {
    const id = add({ events: 5 })
    await post(id, { 'x-events': '10', 'content-type': 'text/plain' }, 'x'.repeat(7))
    await post(id)
    const samples = parseExposition(await metrics.metrics())
    const valueOf = (name: string) =>
      samples.find((sample) => sample.name === name && sample.labels['key'] === id)?.value
    expect(valueOf('runnel_key_requests_total')).toBe(1)
    expect(valueOf('runnel_key_refused_total')).toBe(1)
    expect(valueOf('runnel_key_events_total')).toBe(10)
    expect(valueOf('runnel_key_bytes_total')).toBe(7)
    expect(keys.counts.get(id)).toEqual({ requests: 1, refused: 1, events: 10, bytes: 7 })
  })
})

it('keys beyond a number are counted together', async () => {
  const metrics = createMetrics('test')
  const usageOf = createKeyUsage(metrics, 2)
  for (const key of ['a', 'b', 'c', 'd', 'a']) usageOf(key).requests.add()
  const samples = parseExposition(await metrics.metrics()).filter(
    ({ name }) => name === 'runnel_key_requests_total',
  )
  expect(samples.map(({ labels, value }) => [labels['key'], value])).toEqual([
    ['a', 2],
    ['b', 1],
    ['other', 2],
  ])
})
