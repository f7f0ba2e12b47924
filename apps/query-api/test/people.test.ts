import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { SessionList } from '@runnel/contracts/api/session'
import { endSessions } from '@runnel/repositories-access'
import { eventually } from '@runnel/testing'
import { pino } from 'pino'
import { SESSION_COOKIE, SIGN_IN_COOKIE } from '../src/people/cookies.ts'
import { followTail, listen } from './follow-tail.ts'
import { startProvider, type TestProvider } from './oidc-provider.ts'
import type { Api } from './start-api.ts'
import { PUBLIC_URL, startPeople } from './start-people.ts'
import { useSuite } from './suite.ts'
import { TestBrowser } from './test-browser.ts'

const suite = useSuite()

const isCallback = (url: string) => url.startsWith(`${PUBLIC_URL}/auth/callback`)

describe('people who sign in at a provider', () => {
  let provider: TestProvider
  let replica: Awaited<ReturnType<typeof startPeople>>
  let api: Api
  let browser: TestBrowser

  beforeAll(async () => {
    provider = await startProvider(PUBLIC_URL)
    replica = await startPeople({ databaseUrl: suite.database.url, prefix: suite.prefix, provider })
    api = replica.api
  })
  afterAll(async () => {
    await replica?.close()
    await provider?.[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    browser = new TestBrowser(api, PUBLIC_URL)
    provider.person = { id: 'ann', groups: ['ops'] }
  })
  afterEach(() => {
    provider.change = undefined
    provider.signsWithForeignKey = false
  })

  const signIn = (at = browser) =>
    at.open('/auth/login?to=%2Fauth%2Fsigned-out', (url) => url.endsWith('/console/'))
  const me = async (at = browser) =>
    JSON.parse((await at.send('GET', '/api/v1/me')).body) as Record<string, unknown>
  const cookieOf = (at = browser) => at.cookies.get(PUBLIC_URL)?.get(SESSION_COOKIE)
  const sessions = async (at = browser, query = '') =>
    (JSON.parse((await at.send('GET', `/api/v1/sessions${query}`)).body) as SessionList).items

  it('are known by name, with what their roles allow', async () => {
    await signIn()
    expect(await me()).toMatchObject({ kind: 'person', name: 'ann of the shop', roles: ['operator'] })
    expect((await browser.send('GET', '/api/v1/logs')).status).toBe(200)
    provider.person = { id: 'eve', groups: ['ops', 'post'] }
    const other = new TestBrowser(api, PUBLIC_URL)
    await signIn(other)
    expect((await me(other))['roles']).toEqual(['operator', 'sender'])
  })

  it('get a cookie that scripts and other sites do not get', async () => {
    const end = await browser.open('/auth/login', isCallback)
    const { headers } = await browser.send('GET', end.url)
    expect([headers['set-cookie']].flat()).toContainEqual(
      expect.stringMatching(
        /^__Host-runnel-session=[\w-]{43}; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=Lax$/,
      ),
    )
    expect(headers['cache-control']).toBe('no-store')
  })

  it('come back to the page that they wanted, and to none of another site', async () => {
    const end = await browser.open('/auth/login?to=%2Fconsole%2Flogs%3Fq%3Da', isCallback)
    expect((await browser.send('GET', end.url)).headers.location).toBe('/console/logs?q=a')
    for (const to of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:1']) {
      const other = new TestBrowser(api, PUBLIC_URL)
      const { url } = await other.open(`/auth/login?to=${encodeURIComponent(to)}`, isCallback)
      expect((await other.send('GET', url)).headers.location).toBe('/console/')
    }
  })

  it('are refused without any of the roles, in words that name the claim', async () => {
    provider.person = { id: 'guest', groups: ['visitors'] }
    const answer = await signIn()
    expect([answer.status, cookieOf()]).toEqual([403, undefined])
    expect(answer.body).toContain('claim groups')
  })

  it('get a new session each time: one that was planted before is worth nothing', async () => {
    const planted = 'x'.repeat(43)
    browser.cookies.set(PUBLIC_URL, new Map([[SESSION_COOKIE, planted]]))
    await signIn()
    const first = cookieOf()
    expect(first).not.toBe(planted)
    await signIn()
    expect(cookieOf()).not.toBe(first)
    const thief = new TestBrowser(api, PUBLIC_URL)
    for (const value of [planted, first!]) {
      thief.cookies.set(PUBLIC_URL, new Map([[SESSION_COOKIE, value]]))
      const answer = await thief.send('GET', '/api/v1/logs')
      expect([answer.status, JSON.parse(answer.body).code]).toEqual([401, 'session_ended'])
    }
  })

  it('see their own sessions and end them; those of others only with keys:write', async () => {
    await signIn()
    const phone = new TestBrowser(api, PUBLIC_URL)
    await signIn(phone)
    const [other] = (await sessions()).filter(({ isCurrent }) => !isCurrent)
    expect(other).toMatchObject({ name: 'ann of the shop', roles: ['operator'] })
    expect((await browser.send('GET', '/api/v1/sessions?all=true')).status).toBe(403)
    provider.person = { id: 'bob', groups: ['post'] }
    const bob = new TestBrowser(api, PUBLIC_URL)
    await signIn(bob)
    expect((await bob.send('DELETE', `/api/v1/sessions/${other!.id}`)).status).toBe(404)
    expect((await me(phone))['kind']).toBe('person')
    for (const session of (await sessions()).filter(({ isCurrent }) => !isCurrent))
      expect((await browser.send('DELETE', `/api/v1/sessions/${session.id}`)).status).toBe(204)
    expect((await me(phone))['kind']).toBe('stranger')
    provider.person = { id: 'chief', groups: ['boss'] }
    const chief = new TestBrowser(api, PUBLIC_URL)
    await signIn(chief)
    const bobs = (await sessions(chief, '?all=true')).find(({ name }) => name === 'bob of the shop')
    expect((await chief.send('DELETE', `/api/v1/sessions/${bobs!.id}`)).status).toBe(204)
    expect((await bob.send('GET', '/api/v1/logs')).status).toBe(401)
  })

  it('are signed out at another replica within seconds', async () => {
    await using stack = new AsyncDisposableStack()
    const second = await startPeople({ databaseUrl: suite.database.url, prefix: suite.prefix, provider })
    stack.defer(async () => void (await second.close()))
    await signIn()
    const there = new TestBrowser(second.api, PUBLIC_URL)
    there.cookies.set(PUBLIC_URL, new Map(browser.cookies.get(PUBLIC_URL)))
    expect((await me(there))['kind']).toBe('person')
    await browser.send('POST', '/auth/logout')
    const deadlineMs = performance.now() + 5000
    while ((await me(there))['kind'] === 'person' && performance.now() < deadlineMs);
    expect((await me(there))['kind']).toBe('stranger')
  })

  it('sign out here and at the provider; the cookie opens nothing afterwards', async () => {
    await signIn()
    const kept = cookieOf()!
    const answer = await browser.send('POST', '/auth/logout')
    const { next } = JSON.parse(answer.body) as { next: string }
    expect(next).toMatch(new RegExp(`^${provider.issuer}/session/end\\?.*post_logout_redirect_uri=`))
    expect(cookieOf()).toBeUndefined()
    browser.cookies.set(PUBLIC_URL, new Map([[SESSION_COOKIE, kept]]))
    expect((await me())['kind']).toBe('stranger')
  })

  it('lose what they follow live when their session is revoked', async () => {
    await signIn()
    const url = await listen(api, '127.0.0.1')
    const tail = await followTail(url, '', { cookie: `${SESSION_COOKIE}=${cookieOf()}` })
    expect(tail.response.status).toBe(200)
    const [session] = await sessions()
    // As another replica does.
    await endSessions(replica.database, { id: session!.id })
    await eventually(() => tail.cut())
  })

  it('are signed out by nobody but pages of this origin', async () => {
    await signIn()
    const headers = {
      ...{ host: 'localhost:8000', cookie: `${SESSION_COOKIE}=${cookieOf()}` },
      ...{ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    }
    expect((await api.http.inject({ method: 'POST', url: '/auth/logout', headers })).statusCode).toBe(403)
    expect((await me())['kind']).toBe('person')
  })

  const changes = {
    'another nonce': (claims) => ({ ...claims, nonce: 'another' }),
    'no nonce': ({ nonce: _, ...claims }) => claims,
    'another issuer': (claims) => ({ ...claims, iss: 'https://evil.example' }),
    'another audience': (claims) => ({ ...claims, aud: 'another-app' }),
    'an end in the past': (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 }),
    'a beginning in the future': (claims) => ({ ...claims, nbf: Math.floor(Date.now() / 1000) + 600 }),
  } satisfies Record<string, TestProvider['change']>
  it.each(Object.entries(changes))('are not signed in by a token with %s', async (_, change) => {
    provider.change = change
    const answer = await signIn()
    expect([answer.status, cookieOf()]).toEqual([400, undefined])
    expect(answer.body).toContain('was not accepted')
  })

  it('are not signed in by a token that the provider did not sign', async () => {
    provider.signsWithForeignKey = true
    expect([(await signIn()).status, cookieOf()]).toEqual([400, undefined])
  })

  it('are not signed in by an answer with another state, in another browser, twice, or that says no', async () => {
    const { url } = await browser.open('/auth/login', isCallback)
    const other = new URL(url)
    other.searchParams.set('state', 'another')
    const { cookies } = browser
    const kept = new Map(cookies.get(PUBLIC_URL))
    expect((await browser.send('GET', other.href)).status).toBe(400)
    expect((await new TestBrowser(api, PUBLIC_URL).send('GET', url)).status).toBe(400)
    cookies.set(PUBLIC_URL, new Map(kept))
    expect((await browser.send('GET', url)).status).toBe(302)
    cookies.set(PUBLIC_URL, new Map(kept))
    expect((await browser.send('GET', url)).status).toBe(400)
    const { url: next } = await browser.open('/auth/login', isCallback)
    const denied = new URL(next)
    denied.searchParams.delete('code')
    denied.searchParams.set('error', 'access_denied')
    const answer = await browser.send('GET', denied.href)
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('access_denied')])
  })

  it('are not signed in with what was sealed by others', async () => {
    const { url } = await browser.open('/auth/login', isCallback)
    const cookies = browser.cookies.get(PUBLIC_URL)!
    const [text, mac] = cookies.get(SIGN_IN_COOKIE)!.split('.')
    const pending = JSON.parse(Buffer.from(text!, 'base64url').toString())
    const changed = Buffer.from(JSON.stringify({ ...pending, returnTo: '//evil.example' })).toString(
      'base64url',
    )
    cookies.set(SIGN_IN_COOKIE, `${changed}.${mac}`)
    expect((await browser.send('GET', url)).status).toBe(400)
  })

  it('sign in with a key that the provider has just changed', async () => {
    await signIn()
    const { url } = await browser.open('/auth/login', isCallback)
    provider.rotate()
    expect((await browser.send('GET', url)).status).toBe(302)
    expect((await me())['kind']).toBe('person')
  })

  it('stay signed in while the provider is away, and are told where nobody can sign in', async () => {
    await signIn()
    const other = new TestBrowser(api, PUBLIC_URL)
    const { url } = await other.open('/auth/login', isCallback)
    await provider.setAway(true)
    try {
      expect((await me())['kind']).toBe('person')
      const answer = await other.send('GET', url)
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5'])
      expect(answer.body).toContain('does not answer')
    } finally {
      await provider.setAway(false)
    }
    expect((await me(await signIn(other).then(() => other)))['kind']).toBe('person')
  })

  it.each([
    ['a name', 'runnel.example', /not encrypted/],
    ['an address', '10.1.2.3:8000', /not encrypted/],
    ['another loopback name', 'app.localhost:8000', /PUBLIC_URL/],
  ])(
    'are refused at %s over plain http, with the reason, and without any cookie',
    async (_, host, reason) => {
      await using stack = new AsyncDisposableStack()
      const httpOptions = { allowedHosts: ['runnel.example'] }
      const there = await startPeople({
        databaseUrl: suite.database.url,
        prefix: suite.prefix,
        provider,
        httpOptions,
      })
      stack.defer(async () => void (await there.close()))
      for (const url of ['/auth/login', '/auth/callback?code=a&state=b']) {
        const answer = await there.api.http.inject({ url, headers: { host, 'x-forwarded-proto': 'https' } })
        expect([answer.statusCode, answer.body]).toEqual([400, expect.stringMatching(reason)])
        expect(answer.headers['set-cookie']).toBeUndefined()
      }
    },
  )

  it('sign in behind a proxy that ends TLS, where it is trusted', async () => {
    await using stack = new AsyncDisposableStack()
    const there = await startPeople({
      ...{ databaseUrl: suite.database.url, prefix: suite.prefix, provider },
      env: { PUBLIC_URL: 'https://runnel.example' },
      httpOptions: { allowedHosts: ['runnel.example'], trustedProxies: ['127.0.0.1'] },
    })
    stack.defer(async () => void (await there.close()))
    const headers = { host: 'runnel.example', 'x-forwarded-proto': 'https' }
    const answer = await there.api.http.inject({ url: '/auth/login', headers })
    expect(answer.statusCode).toBe(302)
    expect(new URL(String(answer.headers.location)).searchParams.get('redirect_uri')).toBe(
      'https://runnel.example/auth/callback',
    )
    const plain = await there.api.http.inject({ url: '/auth/login', headers: { host: 'runnel.example' } })
    expect(plain.statusCode).toBe(400)
  })

  it('are led from a page that they may not see to the provider, and back', async () => {
    const answer = await browser.send('GET', '/?q=a')
    expect([answer.status, answer.body]).toEqual([401, expect.stringContaining('/auth/login?to=%2F%3Fq%3Da')])
  })

  it('are asked for a key by their browser at /sign-in alone', async () => {
    const challengeAt = async (url: string) => {
      const headers = { host: 'localhost:8000', 'sec-fetch-mode': 'navigate' }
      return String((await api.http.inject({ url, headers })).headers['www-authenticate'])
    }
    expect([await challengeAt('/'), await challengeAt('/sign-in')]).toEqual([
      expect.stringMatching(/^Bearer/),
      expect.stringMatching(/^Basic/),
    ])
  })

  it('leave no secret in logs, at trace, whether they are signed in or not', async () => {
    await using stack = new AsyncDisposableStack()
    const lines: string[] = []
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
    const there = await startPeople({ databaseUrl: suite.database.url, prefix: suite.prefix, provider, log })
    stack.defer(async () => void (await there.close()))
    const person = new TestBrowser(there.api, PUBLIC_URL)
    const secrets = [provider.clientSecret, 'i'.repeat(40)]
    for (const change of [undefined, changes['another audience'], changes['another nonce']]) {
      provider.change = change
      const { url } = await person.open('/auth/login', isCallback)
      secrets.push(
        new URL(url).searchParams.get('code')!,
        person.cookies.get(PUBLIC_URL)!.get(SIGN_IN_COOKIE)!,
      )
      const [sealed = ''] = secrets.at(-1)!.split('.')
      const pending = JSON.parse(Buffer.from(sealed, 'base64url').toString()) as Record<string, string>
      secrets.push(pending['nonce']!, pending['codeVerifier']!)
      await person.send('GET', url)
      secrets.push(cookieOf(person)!)
    }
    await person.send('POST', '/auth/logout')
    const text = lines.join('')
    expect(text).toContain('a person signed in')
    expect(text).toContain('a person could not sign in')
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+\./)
  })

  describe('and out at the provider', () => {
    const EVENT = { 'http://schemas.openid.net/event/backchannel-logout': {} }
    const send = async (claims: Record<string, unknown>) => {
      const { issuer: iss, clientId: aud } = provider
      const nowS = Math.floor(Date.now() / 1000)
      const token = await provider.logoutToken({
        iss,
        aud,
        iat: nowS,
        exp: nowS + 120,
        jti: 'a',
        events: EVENT,
        ...claims,
      })
      const headers = { host: 'localhost:8000', 'content-type': 'application/x-www-form-urlencoded' }
      const payload = new URLSearchParams({ logout_token: token }).toString()
      return (await api.http.inject({ method: 'POST', url: '/auth/backchannel-logout', headers, payload }))
        .statusCode
    }

    it('have no session here any more', async () => {
      provider.person = { id: 'olga', groups: ['ops'] }
      await signIn()
      expect(await send({ sub: 'somebody else' })).toBe(204)
      expect((await me())['kind']).toBe('person')
      expect(await send({ sub: 'olga' })).toBe(204)
      expect((await me())['kind']).toBe('stranger')
    })

    it('lose the one session that the provider names, and no other', async () => {
      provider.change = (claims) => ({ ...claims, sid: 'session-1' })
      await signIn()
      provider.change = (claims) => ({ ...claims, sid: 'session-2' })
      const other = new TestBrowser(api, PUBLIC_URL)
      await signIn(other)
      provider.change = undefined
      expect(await send({ sub: 'ann', sid: 'session-1' })).toBe(204)
      expect([(await me())['kind'], (await me(other))['kind']]).toEqual(['stranger', 'person'])
    })

    it.each([
      ['another issuer', { iss: 'https://evil.example' }],
      ['another audience', { aud: 'another-app' }],
      ['an end in the past', { exp: 1000 }],
      ['a nonce, as ID tokens have', { nonce: 'n' }],
      ['no event', { events: {} }],
      ['no person', { sub: undefined }],
      ['an old one', { iat: Math.floor(Date.now() / 1000) - 3600 }],
    ])('are not signed out by a token with %s', async (_, claims) => {
      await signIn()
      expect(await send({ sub: 'ann', ...claims })).toBe(400)
      expect((await me())['kind']).toBe('person')
    })

    it('are not signed out by a token that the provider did not sign', async () => {
      await signIn()
      provider.signsWithForeignKey = true
      expect(await send({ sub: 'ann' })).toBe(400)
      expect((await me())['kind']).toBe('person')
    })
  })
})
