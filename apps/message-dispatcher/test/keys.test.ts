import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SCOPES } from '@runnel/contracts'
import { parseKey } from '@runnel/http'
import { addUsage } from '@runnel/repositories-access'
import { sql } from 'kysely'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

const NEW = { name: 'shop', scopes: ['metrics:write', 'logs:write'] }

describe('the routes of keys', () => {
  let app: TestDispatcher
  const announced: string[] = []

  beforeAll(async () => {
    app = await startDispatcher({
      env: { KEYS_MAX: '12' },
      deps: { changedKeys: { announce: ({ keys }) => void announced.push(...keys.map(({ id }) => id)) } },
    })
  })
  afterAll(() => app.stop())

  const create = async (over: object = {}) => {
    const answer = await app.post('/api/v1/keys', { ...NEW, ...over })
    expect(answer.statusCode).toBe(201)
    return answer.json<{ id: string; key: string }>()
  }
  const listed = async (id: string) => {
    const { items } = (await app.get('/api/v1/keys')).json<{ items: { id: string }[] }>()
    return items.find((key) => key.id === id)
  }

  it('show the text of a key once, and store its hash alone', async () => {
    const answer = await app.post('/api/v1/keys', NEW, { 'x-forwarded-user': 'ann' })
    expect(answer.headers['cache-control']).toBe('no-store')
    const { key, ...rest } = answer.json<{ id: string; key: string }>()
    expect(parseKey(key)).toMatchObject({ id: rest.id })
    expect(rest).toMatchObject({ ...NEW, kind: 'live', state: 'active', expiresAt: null, lastUsedAt: null })
    expect(await listed(rest.id)).toEqual(rest)
    const secret = key.split('_')[2]!
    const { rows } = await sql<{ text: string }>`
      select (select json_agg(k) from api_key k)::text || (select json_agg(a) from audit_log a)::text as text`.execute(
      app.database.kysely,
    )
    expect(rows[0]?.text).toContain(rest.id)
    expect(rows[0]?.text).not.toContain(secret)
  })

  it('rotate a key: the same id, another text, and an end of the old one', async () => {
    const { id, key } = await create()
    const before = announced.length
    const answer = await app.post(`/api/v1/keys/${id}/rotate`, { overlapSeconds: 60 })
    expect(answer.statusCode).toBe(200)
    const rotated = answer.json<{ id: string; key: string; oldSecretUntil: string | null }>()
    expect(rotated).toMatchObject({ id, oldSecretUntil: expect.any(String) })
    expect(rotated.key).not.toBe(key)
    expect(announced.slice(before)).toEqual([id])
    expect((await app.post(`/api/v1/keys/${id}/rotate`)).statusCode).toBe(409)
  })

  it('show what keys did of late, at all replicas together', async () => {
    const { id } = await create({ name: 'till 7' })
    const counts = new Map([[id, { requests: 3, refused: 1, events: 30, bytes: 4000 }]])
    for (const ageMs of [0, 0, 7_200_000]) await addUsage(app.database, counts, ageMs)
    const usage = async (query: string) =>
      (await app.get(`/api/v1/keys/usage${query}`)).json<{ from: string; items: { id: string }[] }>()
    const { from, items } = await usage('')
    expect(items).toEqual([{ id, name: 'till 7', requests: 6, refused: 2, events: 60, bytes: 8000 }])
    expect(new Date(from).toISOString()).toBe(from)
    expect((await usage('?minutes=1440')).items).toMatchObject([{ requests: 9 }])
    const wrong = await app.get('/api/v1/keys/usage?minutes=1441')
    expect([wrong.statusCode, wrong.json()]).toMatchObject([400, { field: 'minutes' }])
  })

  it('revoke a key, and answer the same to a second time', async () => {
    const { id } = await create()
    const before = announced.length
    const answer = await app.post(`/api/v1/keys/${id}/revoke`)
    expect(answer.json()).toMatchObject({ id, state: 'revoked', revokedBy: 'anonymous' })
    expect(announced.slice(before)).toEqual([id])
    expect((await app.post(`/api/v1/keys/${id}/revoke`)).json()).toEqual(answer.json())
    expect((await app.post(`/api/v1/keys/${'a'.repeat(16)}/revoke`)).statusCode).toBe(404)
  })

  it('stand in the audit', async () => {
    const { id } = await create({ name: 'audited' })
    const { items } = (await app.get('/api/v1/audit?subject=key&action=create')).json<{
      items: { detail: unknown }[]
    }>()
    expect(items[0]?.detail).toMatchObject({ id, name: 'audited', scopes: NEW.scopes })
  })

  it.each([
    [{ name: ' ' }, '/name'],
    [{ scopes: [] }, '/scopes'],
    [{ scopes: ['metrics:all'] }, '/scopes/0'],
    [{ networks: ['10.0.0.0/33'] }, '/networks/0'],
    [{ networks: ['example.com'] }, '/networks/0'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    [{ namespace: 'a b' }, '/namespace'],
    [{ quotas: { requests: 0 } }, '/quotas/requests'],
    [{ kind: 'prod' }, '/kind'],
  ])('refuse %j', async (over, field) => {
    const answer = await app.post('/api/v1/keys', { ...NEW, ...over })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ field })
  })

  it('let a caller give no scope that it lacks', async () => {
    const weak = await startDispatcher({ databaseUrl: app.databaseUrl })
    weak.http.addHook('preHandler', (request, _reply, done) => {
      request.principal = { ...request.principal, scopes: new Set(['keys:write', 'logs:write']) }
      done()
    })
    const more = await weak.post('/api/v1/keys', NEW)
    expect(more.statusCode).toBe(403)
    expect(more.json()).toMatchObject({ code: 'forbidden', missingScopes: ['metrics:write'] })
    expect((await weak.post('/api/v1/keys', { ...NEW, scopes: ['logs:write'] })).statusCode).toBe(201)
    const { id } = await create({ scopes: [...SCOPES] })
    expect((await weak.post(`/api/v1/keys/${id}/rotate`)).statusCode).toBe(403)
    expect(await listed(id)).toMatchObject({ oldSecretUntil: null })
    expect((await weak.post(`/api/v1/keys/${id}/revoke`)).statusCode).toBe(200)
    await weak.stop()
  })

  it('end at KEYS_MAX', async () => {
    let status = 201
    for (let n = 0; n < 13 && status === 201; n++) status = (await app.post('/api/v1/keys', NEW)).statusCode
    expect(status).toBe(409)
    expect((await app.get('/api/v1/keys')).json<{ items: unknown[] }>().items).toHaveLength(12)
  })
})
