import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { listen, sendBytes, startServer, type TestServer } from './server.ts'

let server: TestServer
let port: number
beforeAll(async () => {
  server = await startServer(
    {},
    { allowedHosts: ['runnel.example', 'query-api'], trustedProxies: ['10.0.0.0/8', 'fd00::/8'] },
  )
  port = await listen(server.app)
})
afterAll(() => server[Symbol.asyncDispose]())

const raw = (lines: string[], target = '/things/7', version = '1.1') =>
  sendBytes(port, [`GET ${target} HTTP/${version}`, ...lines, 'Connection: close', '', ''].join('\r\n'))

describe('a request under a name that is not allowed', () => {
  it.each([
    '/things/7',
    '/nowhere',
    '/docs',
    '/docs/static/index.html',
    '/docs/json',
    '/fail/internal',
    '/%',
  ])('gets nothing of %s', async (target) => {
    const { status, body } = await raw(['Host: evil.example:8080'], target)
    if (target === '/%') expect(status).toBe(400)
    else {
      expect(status).toBe(421)
      expect(JSON.parse(body)).toMatchObject({
        code: 'host_not_allowed',
        title: 'Misdirected Request',
        field: 'host',
        detail: expect.stringContaining('add the name to the setting ALLOWED_HOSTS'),
      })
    }
  })

  it('changes nothing, also where it asks for another protocol or for events', async () => {
    const host = 'evil.example'
    const change = await server.app.inject({ method: 'DELETE', url: '/things/1', headers: { host } })
    expect(change.statusCode).toBe(421)
    const upgrade = await raw([`Host: ${host}`, 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'])
    expect(upgrade.status).toBe(421)
    const events = await raw([`Host: ${host}`, 'Accept: text/event-stream'])
    expect(events.status).toBe(421)
  })

  it('still learns whether the app is alive and ready, and its metrics', async () => {
    for (const target of ['/healthz', '/readyz?x=1', '/metrics'])
      expect([target, (await raw(['Host: evil.example'], target)).status]).toEqual([target, 200])
  })
})

describe('the name of a request', () => {
  it('is taken from its target too, where it has one', async () => {
    const target = 'http://evil.example/things/7'
    expect((await raw(['Host: localhost'], target)).status).toBe(421)
    expect((await raw(['Host: localhost'], 'http://user@evil.example/things/7')).status).toBe(421)
    expect((await raw(['Host: evil.example'], 'http://localhost/things/7')).status).toBe(421)
    expect((await raw([], target, '1.0')).status).toBe(400)
    expect((await raw(['Host: localhost'], 'http://localhost/things/7')).status).toBe(200)
  })

  it('is given once; only HTTP/1.0 may leave it out', async () => {
    const twice = await raw(['Host: localhost', 'host: evil.example'])
    expect([twice.status, JSON.parse(twice.body).field]).toEqual([400, 'host'])
    expect((await raw(['Host: localhost', 'HOST: localhost'])).status).toBe(400)
    const none = await raw([])
    expect([none.status, JSON.parse(none.body).code]).toEqual([400, 'bad_request'])
    expect((await raw(['Host:'])).status).toBe(400)
    expect((await raw([], '/things/7', '1.0')).status).toBe(200)
    expect((await raw(['Host: evil.example'], '/things/7', '1.0')).status).toBe(421)
  })

  it.each(['10.1.2.3', '::ffff:10.1.2.3', 'fd00::7'])(
    'is also what the trusted proxy %s was asked for',
    async (remoteAddress) => {
      const ask = async (host: string, forwarded: string) =>
        (
          await server.app.inject({
            url: '/things/7',
            headers: { host, 'x-forwarded-host': forwarded },
            remoteAddress,
          })
        ).statusCode
      expect(await ask('query-api:8000', 'runnel.example')).toBe(200)
      expect(await ask('query-api:8000', 'runnel.example, query-api')).toBe(200)
      expect(await ask('query-api:8000', 'evil.example')).toBe(421)
      expect(await ask('query-api:8000', 'runnel.example, evil.example')).toBe(421)
      expect(await ask('evil.example', 'localhost')).toBe(421)
    },
  )

  it('is never what another sender says in X-Forwarded-Host', async () => {
    expect((await raw(['Host: evil.example', 'X-Forwarded-Host: localhost'])).status).toBe(421)
    expect((await raw(['Host: localhost', 'X-Forwarded-Host: evil.example'])).status).toBe(200)
  })
})
