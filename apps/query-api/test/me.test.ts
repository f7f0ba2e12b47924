import { afterEach, describe, expect, test } from '@jest/globals'
import { SCOPES, SCOPES_OF_ROLE } from '@runnel/contracts'
import { startService, type Seen } from './forward-parts.ts'
import { startApi, type Api, type StartOptions } from './start-api.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()

/** Where people sign in at no provider. */
const KEY = { roles: [], signIn: '/sign-in' }

const FORWARDED_USER = { networks: ['127.0.0.1'], secret: '', role: 'viewer' } as const

describe('who asks', () => {
  let api: Api
  afterEach(() => api.close())
  const start = async (auth: 'keys' | 'none', services: StartOptions['services'] = {}) => {
    const access = { auth, app: 'query-api', identitySecret: '', forwardedUser: FORWARDED_USER } as const
    api = await startApi({
      ...{ databaseUrl: suite.database.url, prefix: suite.prefix, services },
      httpOptions: { access },
    })
  }

  test('may do everything while access control is off, and sees that it is off', async () => {
    await start('none')
    const answer = await api.http.inject('/api/v1/me')
    expect(answer.json()).toEqual({ kind: 'open', name: 'anonymous', ...KEY, scopes: [...SCOPES] })
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('is a stranger without scopes until signed in, or a person with those of a role', async () => {
    await start('keys')
    const stranger = { kind: 'stranger', name: 'anonymous', ...KEY, scopes: [] }
    expect((await api.http.inject('/api/v1/me')).json()).toEqual(stranger)
    const headers = { 'x-forwarded-user': 'ann' }
    const person = { kind: 'person', name: 'ann', ...KEY, scopes: SCOPES_OF_ROLE.viewer }
    expect((await api.http.inject({ url: '/api/v1/me', headers })).json()).toEqual(person)
  })

  test('is asked for a key by the browser at /sign-in and on pages, and then sees the console', async () => {
    await start('keys')
    for (const url of ['/sign-in', '/']) {
      const answer = await api.http.inject({ url, headers: { 'sec-fetch-mode': 'navigate' } })
      expect([url, answer.statusCode]).toEqual([url, 401])
      expect(answer.headers['www-authenticate']).toMatch(/^Basic /)
    }
    const answer = await api.http.inject({ url: '/sign-in', headers: { 'x-forwarded-user': 'ann' } })
    expect([answer.statusCode, answer.headers.location]).toEqual([302, '/console/'])
  })

  test('is not asked where people opt out of e-mails: mail providers have no key', async () => {
    const service = await startService()
    try {
      await start('keys', { 'message-dispatcher': service.url })
      for (const method of ['GET', 'POST'] as const) {
        const answer = await api.http.inject({
          method,
          url: '/unsubscribe/AQx_-1',
          headers: { origin: 'https://webmail.example' },
        })
        expect([answer.statusCode, answer.json<Seen>().url]).toEqual([200, '/unsubscribe/AQx_-1'])
        const other = await api.http.inject({ method, url: '/api/v1/suppressions' })
        expect(other.statusCode).toBe(401)
      }
    } finally {
      service.server.close()
    }
  })
})
