import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect, createServer, type AddressInfo } from 'node:net'
import { DEFAULT_HTTP_OPTIONS, EMAIL_PAGE_POLICY } from '@runnel/http'
import { eventually } from '@runnel/testing'
import { listenApi, startService, type Listener, type Seen } from './forward-parts.ts'
import type { Api } from './start-api.ts'
import { useSuite } from './suite.ts'

const CHUNKS = 800
const CHUNK_BYTES = 65_536

const suite = useSuite()
let api: Api & { url: string }
let dispatcher: { url: string; server: Server }
let ingest: { url: string; server: Server }

beforeAll(async () => {
  ;[dispatcher, ingest] = await Promise.all([startService(), startService()])
  const services = { 'message-dispatcher': dispatcher.url, 'ingest-api': ingest.url }
  const httpOptions = { ...DEFAULT_HTTP_OPTIONS, allowedHosts: ['a.example', 'public.example'] }
  api = await listenApi({
    databaseUrl: suite.database.url,
    prefix: suite.prefix,
    services,
    httpOptions: { ...httpOptions, trustedProxies: ['127.0.0.1'] },
  })
})

afterAll(async () => {
  await api?.close()
  for (const { server } of [dispatcher, ingest]) server.close()
})

const ask = (path: string, init: RequestInit = {}) => fetch(`${api.url}${path}`, init)
const seen = async (path: string, init: RequestInit = {}) => (await (await ask(path, init)).json()) as Seen

describe('a request for another app', () => {
  test.each([
    ['GET', '/api/v1/clients?limit=5&tag=a%20b'],
    ['POST', '/api/v1/mailings'],
    ['PATCH', '/api/v1/mailings/7'],
    ['DELETE', '/api/v1/clients/7'],
    ['POST', '/api/v1/mailings/7/pause'],
    ['POST', '/api/v1/mailings/stats'],
    ['GET', '/api/v1/mailings/7'],
    ['GET', '/api/v1/clients/imports/3?cursor=x'],
    ['GET', '/unsubscribe/AQx_-1'],
    ['POST', '/unsubscribe/AQx_-1'],
  ])('%s %s comes to the dispatcher as it is', async (method, path) => {
    expect(await seen(path, { method })).toMatchObject({
      method,
      url: path,
      headers: { host: new URL(dispatcher.url).host },
    })
  })

  test.each([
    ['GET', '/api/v1/dead-letters?kind=logs'],
    ['POST', '/api/v1/dead-letters/replay'],
  ])('%s %s comes to ingest-api', async (method, path) => {
    const { headers, url } = await seen(path, { method })
    expect([url, headers.host]).toEqual([path, new URL(ingest.url).host])
  })

  test('keeps its body, its type and its key', async () => {
    const body = '{"name" : "as it was typed"}'
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'k' }
    const echo = await seen('/api/v1/mailings', { method: 'POST', body, headers })
    expect(echo).toMatchObject({ body, headers })
  })

  test('says under which host a browser knows this app, or a proxy in front of it', async () => {
    const echo = await seen('/api/v1/clients', { method: 'POST' })
    expect(echo.headers['x-forwarded-host']).toBe(new URL(api.url).host)
    const headers = { 'x-forwarded-host': 'public.example' }
    expect((await seen('/api/v1/clients', { method: 'POST', headers })).headers).toMatchObject(headers)
  })

  test('names the client, whatever that says about itself', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.7', forwarded: 'for=198.51.100.8' }
    const echo = await seen('/api/v1/clients', { method: 'POST', headers })
    expect(['127.0.0.1', '::1']).toContain(echo.headers['x-forwarded-for'])
    expect(echo.headers).not.toHaveProperty('forwarded')
  })

  test('names the client that a trusted proxy has named', async () => {
    const behindProxy = await listenApi({
      ...{ databaseUrl: suite.database.url, prefix: suite.prefix },
      services: { 'message-dispatcher': dispatcher.url },
      httpOptions: { trustedProxies: ['127.0.0.1', '::1'] },
    })
    const headers = { 'x-forwarded-for': '203.0.113.1, 198.51.100.7' }
    const answer = await fetch(`${behindProxy.url}/api/v1/clients`, { headers })
    expect(((await answer.json()) as Seen).headers['x-forwarded-for']).toBe('198.51.100.7')
    await behindProxy.close()
  })

  test('loses what means one connection alone, and so does the answer', async () => {
    const lines = [
      'POST /api/v1/clients HTTP/1.1',
      'Host: localhost',
      'Connection: x-mine, keep-alive',
      'X-Mine: 1',
      'Keep-Alive: timeout=1',
      'TE: trailers',
      'Proxy-Authorization: Basic eA==',
      'Expect: 100-continue',
      'Content-Length: 2',
      '',
      '{}',
    ]
    const answer = await exchange(lines.join('\r\n'))
    const echo = JSON.parse(/\{"method".*\}/.exec(answer)![0]) as Seen
    for (const name of ['x-mine', 'keep-alive', 'te', 'proxy-authorization', 'expect'])
      expect(echo.headers).not.toHaveProperty(name)
    expect(echo.body).toBe('{}')
    expect(answer).toMatch(/x-own: yes/i)
    expect(answer).not.toMatch(/timeout=7\b/)
  })

  test.each(['close, content-type', 'Content-Type', 'Idempotency-Key, Host', 'content-length'])(
    'keeps its type, its key and its length under Connection: %s',
    async (listed) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'k' }
      const lines = Object.entries({ ...headers, connection: listed, 'content-length': '2' })
      const head = lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')
      const answer = await exchange(`POST /api/v1/clients HTTP/1.1\r\nHost: localhost\r\n${head}\r\n\r\n{}`)
      const echo = JSON.parse(/\{"method".*\}/.exec(answer)![0]) as Seen
      expect(echo).toMatchObject({
        headers: { ...headers, host: new URL(dispatcher.url).host, 'content-length': '2' },
        body: '{}',
      })
    },
  )

  test('does not carry what a browser proves itself with to this origin, nor what was judged here', async () => {
    const { origin } = new URL(api.url)
    const { headers } = await seen('/api/v1/clients', {
      method: 'POST',
      headers: {
        cookie: 'a=b',
        authorization: 'Bearer x',
        'x-api-key': 'x',
        'dd-api-key': 'x',
        'runnel-identity': 'x.y',
        'x-forwarded-user': 'root',
        'proxy-status': 'x',
        'proxy-features': 'x',
        forwarded: 'host=evil.example',
        origin,
        'sec-fetch-site': 'same-origin',
        'sec-fetch-mode': 'cors',
      },
    })
    const wrong =
      /^(cookie|authorization|.*api-key|runnel-identity|x-forwarded-user|proxy-.*|forwarded|origin|sec-fetch-.*)$/
    // The fetch of the forwarding itself sets none of them.
    expect(Object.keys(headers).filter((name) => wrong.test(name))).toEqual([])
  })

  test('with a body that GET must not have is answered all the same', async () => {
    const text =
      'GET /api/v1/clients HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}'
    expect(await exchange(text)).toContain('HTTP/1.1 200')
  })
})

test('what this app answers itself is not forwarded', async () => {
  expect(await (await ask('/api/v1/mailings/stats')).json()).toEqual({ items: [], nextCursor: null })
  expect(await (await ask('/api/v1/mailings/7/stats')).json()).toMatchObject({ code: 'not_found' })
})

test.each([
  '/api/v1/clients/../../../metrics',
  '/api/v1/clients/%2e%2e/%2e%2e/metrics',
  '/api/v1/clients/..%2f..%2fmetrics',
  '/api/v1/clients/%c3%28',
  '/api/v1/clients/%',
  '/api/v1/clientsx',
  'http://localhost/api/v1/clients',
  'http://localhost//api/v1/clients',
])('%s leads nowhere', async (path) => {
  const answer = await exchange(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1.1 40[04] /)
  expect(answer).toContain('application/problem+json')
})

describe('a request that changes something', () => {
  const write = (headers: Record<string, string>, method = 'POST') =>
    api.http.inject({
      method: method as 'POST',
      url: '/api/v1/clients',
      headers: { host: 'a.example', ...headers },
    })

  test.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: 'http://a.example' },
    { origin: 'http://b.example' },
    { origin: 'http://a.example:81' },
    { origin: 'null' },
    { origin: 'http://a.example.evil' },
    { origin: '' },
  ])('is refused from %j', async (headers) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const response = await write(headers, method)
      expect([response.statusCode, response.json().code]).toEqual([403, 'cross_site'])
    }
  })

  test.each([
    {},
    { 'sec-fetch-site': 'same-origin', origin: 'http://a.example' },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://a.example' },
    { origin: 'https://a.example' },
    { origin: 'https://public.example', 'x-forwarded-host': 'public.example' },
  ])('is let through from %j', async (headers) => {
    expect((await write(headers)).statusCode).toBe(200)
  })

  test('may be read from anywhere: a browser keeps the answer from other sites', async () => {
    const response = await write({ 'sec-fetch-site': 'cross-site' }, 'GET')
    expect(response.statusCode).toBe(200)
    expect(response.headers['access-control-allow-origin']).toBeUndefined()
  })
})

/** Sends bytes as they are, ends, and reads to the end. */
async function exchange(text: string, url = api.url): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(text)
  let answer = ''
  for await (const chunk of socket) {
    answer += String(chunk)
    if (/\r\n\r\n[^]*(\}|0\r\n\r\n)$/.test(answer)) break
  }
  return answer
}

describe('a service', () => {
  async function under(listener: Listener, forwardTimeoutMs = 60_000) {
    const service = await startService(listener)
    const other = await listenApi({
      databaseUrl: suite.database.url,
      prefix: suite.prefix,
      services: { 'message-dispatcher': service.url },
      forwardTimeoutMs,
    })
    return {
      url: other.url,
      async [Symbol.asyncDispose]() {
        await other.close()
        service.server.closeAllConnections()
        service.server.close()
      },
    }
  }

  async function expectUnavailable(url: string, init: RequestInit = {}) {
    const response = await fetch(`${url}/api/v1/mailings`, init)
    expect([response.status, response.headers.get('content-type')]).toEqual([
      503,
      'application/problem+json; charset=utf-8',
    ])
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await response.json()).toMatchObject({
      code: 'upstream_unavailable',
      service: 'message-dispatcher',
      detail: expect.stringContaining('message-dispatcher'),
    })
  }

  test('that is unreachable is a 503 with its name, for reads and writes', async () => {
    await expectUnavailable(await unlistened())
    await expectUnavailable(await unlistened(), { method: 'POST', body: '{}' })
  })

  async function unlistened(): Promise<string> {
    away ??= await listenApi({ databaseUrl: suite.database.url, prefix: suite.prefix })
    return away.url
  }
  let away: (Api & { url: string }) | undefined
  afterAll(() => away?.close())

  test('that is silent is a 503', async () => {
    await using service = await under(() => undefined, 300)
    await expectUnavailable(service.url)
  })

  test('that cuts the connection is a 503', async () => {
    await using service = await under((request) => request.socket.destroy())
    await expectUnavailable(service.url, { method: 'POST', body: '{}' })
  })

  test('that speaks no HTTP is a 503', async () => {
    const garbage = createServer((socket) => socket.on('data', () => socket.end('SSH-2.0-x\r\n')))
    await new Promise<void>((resolve) => garbage.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(garbage.address() as AddressInfo).port}`
    const services = { 'message-dispatcher': url }
    const other = await listenApi({ databaseUrl: suite.database.url, prefix: suite.prefix, services })
    await expectUnavailable(other.url)
    await other.close()
    garbage.close()
  })

  test('whose own 503 is passed on at once, and is asked once', async () => {
    let calls = 0
    await using service = await under((_request, response) => {
      calls++
      response
        .writeHead(503, { 'retry-after': '7', 'content-type': 'application/problem+json' })
        .end('{"code":"x"}')
    })
    const response = await fetch(`${service.url}/api/v1/mailings`)
    expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([
      503,
      '7',
      '{"code":"x"}',
    ])
    expect(calls).toBe(1)
  })

  test('gives no orders to the browser, nor to a proxy in front', async () => {
    const orders = {
      'set-cookie': ['a=b', 'c=d'],
      'clear-site-data': '"cookies"',
      'www-authenticate': 'Basic',
      'access-control-allow-origin': '*',
      'x-accel-redirect': '/secret',
      'proxy-authenticate': 'Basic',
      'x-listed': '1',
      connection: 'x-listed, x-own',
    }
    await using service = await under((_request, response) => {
      response.writeHead(200, { ...orders, 'content-type': 'text/plain', 'x-kept': 'yes' }).end('x')
    })
    const { headers } = await fetch(`${service.url}/api/v1/mailings`)
    expect(headers.get('x-kept')).toBe('yes')
    const { connection: _, ...others } = orders
    expect(Object.keys(others).filter((name) => headers.has(name))).toEqual([])
    expect(headers.get('connection')).not.toContain('x-listed')
  })

  test('may show an e-mail with its styles, and relaxes the policy of pages in no other way', async () => {
    let policy: string = EMAIL_PAGE_POLICY
    await using service = await under((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy }).end('x')
    })
    const policyOf = async () =>
      (await fetch(`${service.url}/api/v1/reports/preview.html`)).headers.get('content-security-policy')
    expect(await policyOf()).toBe(EMAIL_PAGE_POLICY)
    policy = "default-src *; script-src 'unsafe-inline'"
    expect(await policyOf()).toBe("default-src 'none'; frame-ancestors 'none'")
  })

  test('that refuses a file early is heard', async () => {
    await using service = await under((_request, response) => void response.writeHead(413).end('{}'))
    const body = new Blob([new Uint8Array(100_000)])
    const response = await fetch(`${service.url}/api/v1/clients/import`, { method: 'POST', body })
    expect(response.status).toBe(413)
  })

  test.each(['close', 'keep-alive'])(
    'that refuses a large file early is heard by a client that sends all of it first (Connection: %s)',
    async (connection) => {
      await using service = await under((_request, response) => void response.writeHead(429).end('{}'))
      const bytes = 8 * 1024 ** 2
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
      const lines = ['Host: localhost', `Connection: ${connection}`, `Content-Length: ${bytes}`]
      const sent = new Promise<void>((resolve, reject) => {
        socket.once('error', reject)
        socket.write(`POST /api/v1/clients/import HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
        socket.write(Buffer.alloc(bytes), () => resolve())
      })
      await sent
      const [answer] = (await once(socket, 'data')) as [Buffer]
      expect(String(answer)).toMatch(/^HTTP\/1\.1 429 /)
      socket.destroy()
    },
  )

  test('gets a file of 50 MB as it comes; what it does not take yet waits at the client', async () => {
    const stalled = Promise.withResolvers<void>()
    const received = createHash('sha256')
    await using service = await under(async (request, response) => {
      for await (const chunk of request) {
        received.update(chunk as Buffer)
        await stalled.promise
      }
      response.end('{}')
    })
    const sent = createHash('sha256')
    let produced = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (produced === CHUNKS) return controller.close()
        const chunk = Buffer.alloc(CHUNK_BYTES, `${produced++},y\n`)
        sent.update(chunk)
        controller.enqueue(chunk)
      },
    })
    const init = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'text/csv' } }
    const answer = fetch(`${service.url}/api/v1/clients/import`, init as RequestInit)
    let before = -1
    await eventually(() => (produced > 0 && produced === before) || ((before = produced), false), {
      everyMs: 200,
    })
    // Buffers of two connections and of the streams between them.
    expect(produced).toBeLessThan(CHUNKS / 2)
    stalled.resolve()
    expect((await answer).status).toBe(200)
    expect(produced).toBe(CHUNKS)
    expect(received.digest('hex')).toBe(sent.digest('hex'))
  })

  test('notices that a client has gone in the middle of its file', async () => {
    const gone = Promise.withResolvers<void>()
    const began = Promise.withResolvers<void>()
    await using service = await under((request) => {
      request.once('data', () => began.resolve())
      request.once('error', () => gone.resolve())
    })
    const stop = new AbortController()
    const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('phone\n')) })
    const init = { method: 'POST', body, duplex: 'half', signal: stop.signal }
    const request = fetch(`${service.url}/api/v1/clients/import`, init as RequestInit)
    await began.promise
    stop.abort()
    await expect(request).rejects.toThrow()
    await gone.promise
  })
})
