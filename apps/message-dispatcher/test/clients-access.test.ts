import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Scope } from '@runnel/contracts'
import { createSignFor, DEFAULT_HTTP_OPTIONS } from '@runnel/http'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

const ACCESS = {
  auth: 'keys',
  app: 'message-dispatcher',
  identitySecret: 'secret',
  forwardedUser: { networks: [], secret: '', role: 'viewer' },
} as const
const PRINCIPAL = { kind: 'key', id: 'k', name: 'key', isTest: false, namespace: '' } as const

let dispatcher: TestDispatcher
beforeAll(async () => {
  dispatcher = await startDispatcher({ deps: { httpOptions: { ...DEFAULT_HTTP_OPTIONS, access: ACCESS } } })
})
afterAll(() => dispatcher.stop())

const sign = createSignFor(ACCESS)

function request(method: 'POST' | 'PATCH' | 'DELETE', url: string, payload: object, scopes: Scope[]) {
  const principal = { ...PRINCIPAL, scopes: new Set(scopes) }
  const headers = sign(principal, { app: ACCESS.app, method, url })
  return dispatcher.inject({ method, url, headers, payload })
}

it('a key that may write clients reads none that it has not written itself', async () => {
  const mine: Scope[] = ['clients:write']
  const phone = '+79161234567'
  const client = { phone, timeZone: 'UTC', attributes: { name: 'Anna' } }
  const created = await request('POST', '/api/v1/clients', client, mine)
  expect(created.statusCode).toBe(201)
  const url = `/api/v1/clients/${created.json<{ id: number }>().id}`
  const answers = [
    await request('PATCH', url, {}, mine),
    await request('POST', '/api/v1/clients', client, mine),
    await request('POST', '/api/v1/clients/changes/preview', { change: { tag: 'gold' }, filter: {} }, mine),
    await request('POST', '/api/v1/suppressions', { phone }, mine),
    await request('DELETE', url, {}, mine),
  ]
  for (const { body } of answers) expect(body).not.toContain('Anna')
  expect(answers[0]!.json()).toMatchObject({ code: 'forbidden', missingScopes: ['clients:read'] })
})

it('a key that may read them besides changes them', async () => {
  const both: Scope[] = ['clients:write', 'clients:read']
  const created = await request('POST', '/api/v1/clients', { phone: '+79161234568', timeZone: 'UTC' }, both)
  const url = `/api/v1/clients/${created.json<{ id: number }>().id}`
  const changed = await request('PATCH', url, { tag: 'gold' }, both)
  expect([changed.statusCode, changed.json()]).toMatchObject([200, { tag: 'gold' }])
})
