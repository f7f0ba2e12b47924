import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { SCOPES, type Scope } from '@runnel/contracts'
import { connect } from 'node:net'
import { actorOf, createSignFor } from '../src/index.ts'
import { idOf, TestKeys, withKeys } from './keys.ts'
import { listen, startServer, type TestServer } from './server.ts'

describe('access control with keys', () => {
  let server: TestServer
  let keys: TestKeys

  beforeEach(async () => {
    keys = new TestKeys()
    server = await startServer({}, withKeys(keys), false)
    const { app } = server
    app.get('/public', { config: { access: 'public' } }, ({ principal }) => principal.kind)
    app.get('/any', { config: { access: 'signed-in' } }, (request) => actorOf(request))
    app.get('/logs', { config: { access: 'logs:read' } }, () => 'logs')
    app.post('/both', { config: { access: ['logs:write', 'metrics:write'] } }, () => 'both')
    await app.ready()
  })
  afterEach(() => server[Symbol.asyncDispose]())

  const get = (url: string, headers: Record<string, string> = {}) => server.app.inject({ url, headers })
  const bearer = (text: string) => ({ authorization: `Bearer ${text}` })

  it('lets a key through to what its scopes allow, and notes its use', async () => {
    const text = keys.add(['logs:read'])
    const answer = await get('/logs', bearer(text))
    expect([answer.statusCode, answer.body]).toEqual([200, 'logs'])
    expect((await get('/any', bearer(text))).body).toBe(`sender (key ${idOf(text)})`)
    expect(keys.used).toEqual([idOf(text), idOf(text)])
  })

  it.each([
    ['Bearer', (key: string) => ({ authorization: `bearer ${key}` })],
    ['Splunk', (key: string) => ({ authorization: `Splunk ${key}` })],
    ['Token', (key: string) => ({ authorization: `Token ${key}` })],
    ['ApiKey', (key: string) => ({ authorization: `ApiKey ${key}` })],
    ['ApiKey in Base64', (key: string) => ({ authorization: `ApiKey ${btoa(`id:${key}`)}` })],
    ['password of Basic', (key: string) => ({ authorization: `Basic ${btoa(`anyone:${key}`)}` })],
    ['X-Api-Key', (key: string) => ({ 'x-api-key': key })],
    ['api-key', (key: string) => ({ 'api-key': key })],
    ['DD-API-KEY', (key: string) => ({ 'dd-api-key': key })],
    [
      'X-Api-Key beside credentials of a proxy',
      (key: string) => ({ authorization: `Basic ${btoa('a:b')}`, 'x-api-key': key }),
    ],
  ])('takes a key as %s', async (_, headersOf) => {
    expect((await get('/logs', headersOf(keys.add(['logs:read'])))).statusCode).toBe(200)
    expect((await get('/logs', headersOf('rnl_wrong'))).statusCode).toBe(401)
  })

  it('answers 401 with a challenge where there are no credentials, and says how to send them', async () => {
    const answer = await get('/logs')
    expect(answer.statusCode).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="runnel"')
    expect(answer.json()).toMatchObject({ code: 'unauthenticated', field: 'authorization' })
  })

  it('has a browser that opens a page ask for the key', async () => {
    const answer = await get('/logs', { 'sec-fetch-mode': 'navigate' })
    expect(answer.headers['www-authenticate']).toMatch(/^Basic realm="runnel"/)
  })

  it('answers 403 naming the scope that is missing, and all of several', async () => {
    const text = keys.add(['metrics:write'])
    const answer = await get('/logs', bearer(text))
    expect(answer.statusCode).toBe(403)
    expect(answer.json()).toMatchObject({ code: 'forbidden', missingScopes: ['logs:read'] })
    const both = await server.app.inject({ method: 'POST', url: '/both', headers: bearer(text) })
    expect(both.json()).toMatchObject({ code: 'forbidden', missingScopes: ['logs:write'] })
  })

  it('tells a mistyped key from a wrong one, and says nothing of which keys there are', async () => {
    const text = keys.add([...SCOPES])
    const wrong = text.slice(0, -1) + (text.endsWith('0') ? '1' : '0')
    expect((await get('/logs', bearer(wrong))).json()).toMatchObject({ code: 'key_mistyped' })
    const other = new TestKeys().add([...SCOPES])
    const unknown = (await get('/logs', bearer(other))).json<object>()
    keys.change(text, { hashes: [] })
    const noSecret = (await get('/logs', bearer(text))).json<object>()
    expect(unknown).toMatchObject({ status: 401, code: 'unauthenticated' })
    expect(noSecret).toEqual(unknown)
  })

  it('obeys a change of a key at its next use: revoked, expired, other scopes, gone', async () => {
    const text = keys.add(['logs:read'])
    const code = async () => (await get('/logs', bearer(text))).json<{ code: string }>().code
    expect((await get('/logs', bearer(text))).statusCode).toBe(200)
    keys.change(text, { revokedAtMs: Date.now() + 60_000 })
    expect(await code()).toBe('key_revoked')
    keys.change(text, { revokedAtMs: undefined, expiresAtMs: Date.now() - 1 })
    expect(await code()).toBe('key_expired')
    keys.change(text, { expiresAtMs: undefined, scopes: new Set(['audit:read'] as const) })
    expect(await code()).toBe('forbidden')
    keys.remove(text)
    expect(await code()).toBe('unauthenticated')
  })

  it('takes both secrets of a key that is being rotated, the old one until its end', async () => {
    const [old, other] = [keys.add(['logs:read']), keys.add(['logs:read'])]
    const oldHash = keys.find(idOf(old))!.hashes[0]!
    const text = other.replace(idOf(other), idOf(old))
    expect((await get('/logs', bearer(text))).json()).toMatchObject({ code: 'key_mistyped' })
    keys.change(old, { hashes: [{ ...oldHash, validUntilMs: Date.now() + 60_000 }] })
    expect((await get('/logs', bearer(old))).statusCode).toBe(200)
    keys.change(old, { hashes: [{ ...oldHash, validUntilMs: Date.now() - 1 }] })
    expect((await get('/logs', bearer(old))).json()).toMatchObject({ code: 'key_expired' })
  })

  it('takes a key only from its networks', async () => {
    const text = keys.add(['logs:read'], { networks: ['10.0.0.0/8'] })
    const from = async (remoteAddress: string) =>
      (await server.app.inject({ url: '/logs', headers: bearer(text), remoteAddress })).statusCode
    expect(await from('10.1.2.3')).toBe(200)
    expect(await from('::ffff:10.1.2.3')).toBe(200)
    const answer = await server.app.inject({
      url: '/logs',
      headers: { ...bearer(text), 'x-forwarded-for': '10.1.2.3' },
      remoteAddress: '192.0.2.1',
    })
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'network_not_allowed'])
  })

  it.each(['stale', 'unknown'] as const)(
    'never lets a key pass while what is known of keys is %s',
    async (state) => {
      const text = keys.add(['logs:read'])
      expect((await get('/logs', bearer(text))).statusCode).toBe(200)
      keys.state = state
      const answer = await get('/logs', bearer(text))
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5'])
      expect(answer.json()).toMatchObject({ code: 'access_unavailable' })
      expect((await get('/public', bearer(text))).body).toBe('stranger')
    },
  )

  it('serves public routes whatever the credentials', async () => {
    expect((await get('/public')).body).toBe('stranger')
    expect((await get('/public', bearer('rnl_wrong'))).body).toBe('stranger')
    expect((await get('/public', bearer(keys.add([])))).body).toBe('key')
  })

  it('counts what is refused of a key, and nothing of a wrong one', async () => {
    const text = keys.add(['metrics:read'])
    await get('/logs', bearer(text))
    keys.change(text, { networks: ['10.0.0.0/8'] })
    await get('/logs', bearer(text))
    keys.change(text, { networks: [], revokedAtMs: 1 })
    await get('/logs', bearer(text))
    await get('/logs', bearer(new TestKeys().add(['logs:read'])))
    // It is not refused there.
    await get('/public', bearer(text))
    expect([...keys.counts]).toEqual([[idOf(text), { requests: 0, refused: 3, events: 0, bytes: 0 }]])
  })

  it('counts nothing of what another app forwarded: that app does', async () => {
    const id = idOf(keys.add([]))
    const principal = {
      kind: 'key',
      id,
      name: 'x',
      scopes: new Set<Scope>(),
      isTest: false,
      namespace: '',
    } as const
    const target = { app: 'ingest-api', method: 'GET', url: '/logs' } as const
    const signed = createSignFor(withKeys(keys).access)(principal, target)
    expect((await get('/logs', signed)).statusCode).toBe(403)
    expect([...keys.counts]).toEqual([])
  })

  it('answers 429 to a peer that sends wrong keys in a row, and still takes right ones from it', async () => {
    const text = keys.add(['logs:read'])
    const statuses = new Set<number>()
    for (let i = 0; i < 40; i++) statuses.add((await get('/logs', bearer('wrong'))).statusCode)
    expect(statuses).toEqual(new Set([401, 429]))
    expect((await get('/logs', bearer(text))).statusCode).toBe(200)
    const other = await server.app.inject({ url: '/logs', headers: bearer('no'), remoteAddress: '192.0.2.7' })
    expect(other.statusCode).toBe(401)
  })

  it('refuses before a body is sent', async () => {
    const port = await listen(server.app)
    const socket = connect(port, '127.0.0.1')
    socket.write('POST /both HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n')
    const head = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))
    socket.destroy()
    expect(head).toMatch(/^HTTP\/1\.1 401 /)
  })

  it('does not believe X-Forwarded-User', async () => {
    const text = keys.add([])
    const answer = await get('/any', { ...bearer(text), 'x-forwarded-user': 'root' })
    expect(answer.body).toBe(`sender (key ${idOf(text)})`)
    expect((await get('/any', { 'x-forwarded-user': 'root' })).statusCode).toBe(401)
  })
})

describe('X-Forwarded-User', () => {
  const userOf = async (
    forwardedUser: { networks: string[]; secret: string; secretSecond?: string },
    headers: Record<string, string>,
    auth: 'keys' | 'unset' = 'unset',
  ) => {
    const access = withKeys(new TestKeys(), { auth, forwardedUser: { ...forwardedUser, role: 'viewer' } })
    await using server = await startServer({}, access, false)
    server.app.get('/who', { config: { access: 'logs:read' } }, (request) => actorOf(request))
    server.app.post('/act', { config: { access: 'logs:write' } }, (request) => actorOf(request))
    const answer = await server.app.inject({ url: '/who', headers })
    const act = await server.app.inject({ method: 'POST', url: '/act', headers })
    return [answer.statusCode === 200 ? answer.body : answer.statusCode, act.statusCode]
  }
  const ann = { 'x-forwarded-user': 'ann' }

  it('is believed from a named network, and from the holder of the secret', async () => {
    expect(await userOf({ networks: ['127.0.0.0/8'], secret: '' }, ann)).toEqual(['ann', 200])
    const withSecret = { ...ann, 'x-forwarded-user-secret': 's3cret' }
    expect(await userOf({ networks: [], secret: 's3cret' }, withSecret)).toEqual(['ann', 200])
    const rotated = { networks: [], secret: 'n3xt', secretSecond: 's3cret' }
    expect(await userOf(rotated, withSecret)).toEqual(['ann', 200])
  })

  it('is ignored from any other sender', async () => {
    expect(await userOf({ networks: [], secret: '' }, ann)).toEqual(['anonymous', 200])
    expect(await userOf({ networks: ['10.0.0.0/8'], secret: 's3cret' }, ann)).toEqual(['anonymous', 200])
    const guess = { ...ann, 'x-forwarded-user-secret': 'guess' }
    expect(await userOf({ networks: [], secret: 's3cret' }, guess)).toEqual(['anonymous', 200])
  })

  it('makes its person what the role allows, with access control', async () => {
    expect(await userOf({ networks: ['127.0.0.0/8'], secret: '' }, ann, 'keys')).toEqual(['ann', 403])
    expect(await userOf({ networks: [], secret: '' }, ann, 'keys')).toEqual([401, 401])
  })
})
