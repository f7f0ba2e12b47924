import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createSignFor, DEFAULT_HTTP_OPTIONS, type Principal } from '@runnel/http'
import { addKey } from '@runnel/repositories-access'
import { startMailing } from '@runnel/repositories-mailings'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { createHash } from 'node:crypto'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

const ACCESS = {
  auth: 'keys',
  app: 'message-dispatcher',
  identitySecret: 'secret',
  forwardedUser: { networks: [], secret: '', role: 'viewer' },
} as const

const SCOPES = new Set(['mailings:read', 'mailings:write', 'mailings:send'] as const)
const person = (name: string): Principal => ({
  ...{ kind: 'person', id: `of ${name}`, name, scopes: SCOPES, isTest: false, namespace: '' },
})
const key = (id: string): Principal => ({ ...person('sender'), kind: 'key', id })
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
const HOUR_MS = 3_600_000
/** More than any test here makes. */
const MAX_KEYS = 1000
/** More than a mailing keeps author names. */
const CHAIN_KEYS = 201
const [ANN, BOB] = [person('ann'), person('bob')]

interface Answer {
  readonly id: number
  readonly status: string
  readonly version: number
  readonly code?: string
  readonly detail?: string
  readonly approval: { readonly missing: boolean; readonly by: string | null } | null
}

describe('a mailing beyond the recipients that ask for a second person', () => {
  let dispatcher: TestDispatcher
  beforeAll(async () => {
    dispatcher = await startDispatcher({
      env: { MAILING_SECOND_PERSON_ABOVE: '2' },
      deps: { httpOptions: { ...DEFAULT_HTTP_OPTIONS, access: ACCESS } },
    })
    dispatcher.run()
  })
  afterAll(() => dispatcher.stop())

  beforeEach(async () => {
    // The dispatcher goes on beside it, and may hold one table while it waits for another.
    await eventually(() =>
      sql`truncate client, mailing, audit_log, api_key restart identity cascade`
        .execute(dispatcher.database.kysely)
        .then(
          () => true,
          (error: { code?: string }) => {
            if (error.code === '40P01') return false
            throw error
          },
        ),
    )
    for (const [phone, tag] of [
      [79161234567, 'many'],
      [79161234568, 'many'],
      [79161234569, 'many'],
      [79161234570, 'few'],
    ] as const)
      await sql`insert into client (phone, operator_code, tag, time_zone)
        values (${phone}, '916', ${tag}, 'UTC')`.execute(dispatcher.database.kysely)
  })

  const sign = createSignFor(ACCESS)
  const as = async (who: Principal, method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object) => {
    const answer = await dispatcher.inject({
      ...{ method, url, headers: sign(who, { app: ACCESS.app, method, url }) },
      ...(payload && { payload }),
    })
    return { code: answer.statusCode, body: answer.json<Answer>() }
  }
  const create = async (who: Principal, tag = 'many') => {
    const { code, body } = await as(who, 'POST', '/api/v1/mailings', {
      ...{ name: 'Sale', text: 'Hello', filter: { tags: [tag] } },
      end: new Date(dispatcher.clock.nowMs() + 3_600_000).toISOString(),
    })
    expect(code).toBe(201)
    return body.id
  }
  const read = async (id: number) => (await as(ANN, 'GET', `/api/v1/mailings/${id}`)).body
  const waiting = (id: number) => eventually(async () => (await read(id)).approval?.missing === true)
  const approve = (who: Principal, id: number, version = 1) =>
    as(who, 'POST', `/api/v1/mailings/${id}/approve`, { version })
  const addKeyOf = (id: string, creator: string, maxKeys = MAX_KEYS) =>
    addKey(
      dispatcher.database,
      {
        ...({ id, name: 'sender', kind: 'live' } as const),
        ...{ scopes: [...SCOPES], networks: [], namespace: '' },
        ...{ sha256: createHash('sha256').update(id).digest(), quotas: {}, expiresAt: null },
      },
      creator,
      maxKeys,
    )
  /** As keys are made: of 16 characters of base32. @param number below 32 * 32 */
  const idOf = (number: number) =>
    [number >> 5, number & 31].map((digit) => BASE32[digit]).join('') + 'a'.repeat(14)
  /** Each key is made with the one before it. @returns the last one */
  const addChain = async (creator: string) => {
    for (let i = 0; i < CHAIN_KEYS; i++)
      await addKeyOf(idOf(i), i === 0 ? creator : `sender (key ${idOf(i - 1)})`)
    return key(idOf(CHAIN_KEYS - 1))
  }
  const hasStarted = async (id: number) => (await read(id)).status === 'running'

  it('waits when it is due, and starts once another person has approved it', async () => {
    const id = await create(ANN)
    await waiting(id)
    expect(await read(id)).toMatchObject({ status: 'scheduled', approval: { missing: true, by: null } })
    expect(await approve(ANN, id)).toMatchObject({ code: 403, body: { code: 'forbidden' } })
    expect(await approve(BOB, id)).toMatchObject({
      code: 200,
      body: { approval: { missing: false, by: 'bob' } },
    })
    await eventually(() => hasStarted(id))
    const { rows } = await sql<{ actor: string; detail: unknown }>`
      select actor, detail from audit_log where action = 'approve'`.execute(dispatcher.database.kysely)
    expect(rows).toEqual([{ actor: 'bob', detail: { version: 1 } }])
  })

  it('does not wait where it reaches fewer', async () => {
    const id = await create(ANN, 'few')
    await eventually(() => hasStarted(id))
    expect((await read(id)).approval).toBeNull()
  })

  it('asks again after an edit, which its author cannot approve', async () => {
    const id = await create(ANN)
    await waiting(id)
    expect((await as(BOB, 'PATCH', `/api/v1/mailings/${id}`, { text: 'Hello!' })).code).toBe(200)
    expect(await approve(person('eve'), id, 1)).toMatchObject({ code: 409 })
    expect((await approve(BOB, id, 2)).code).toBe(403)
    expect((await approve(person('eve'), id, 2)).code).toBe(200)
    await eventually(() => hasStarted(id))
  })

  it('cannot be changed while it is sent; once it is paused and edited, resuming it needs another approval', async () => {
    const id = await create(ANN)
    await waiting(id)
    await approve(BOB, id)
    await eventually(() => hasStarted(id))
    const edit = () => as(ANN, 'PATCH', `/api/v1/mailings/${id}`, { text: 'Other' })
    expect((await edit()).code).toBe(409)
    expect((await as(ANN, 'POST', `/api/v1/mailings/${id}/pause`)).code).toBe(200)
    expect((await edit()).code).toBe(200)
    const resume = () => as(ANN, 'POST', `/api/v1/mailings/${id}/resume`)
    expect((await resume()).code).toBe(409)
    await approve(BOB, id, 2)
    expect((await resume()).code).toBe(200)
  })

  it('asks again after an edit also where it was approved before it was due, and so never waited', async () => {
    const { body } = await as(ANN, 'POST', '/api/v1/mailings', {
      ...{ name: 'Sale', text: 'Hello', filter: { tags: ['many'] } },
      start: new Date(dispatcher.clock.nowMs() + 1_800_000).toISOString(),
      end: new Date(dispatcher.clock.nowMs() + 3_600_000).toISOString(),
    })
    expect((await approve(BOB, body.id)).code).toBe(200)
    await sql`update mailing set starts_at = now() - interval '1 minute' where id = ${body.id}`.execute(
      dispatcher.database.kysely,
    )
    await eventually(() => hasStarted(body.id))
    expect((await as(ANN, 'PATCH', `/api/v1/mailings/${body.id}`, { text: 'Other' })).code).toBe(409)
  })

  it('asks no more once it was made smaller, also when it is resumed', async () => {
    const id = await create(ANN)
    await waiting(id)
    expect((await as(ANN, 'PATCH', `/api/v1/mailings/${id}`, { filter: { tags: ['few'] } })).code).toBe(200)
    await eventually(() => hasStarted(id))
    expect((await read(id)).approval).toBeNull()
    expect((await as(ANN, 'POST', `/api/v1/mailings/${id}/pause`)).code).toBe(200)
    expect((await as(ANN, 'POST', `/api/v1/mailings/${id}/resume`)).code).toBe(200)
  })

  it('cannot be approved by its author under another case of the name', async () => {
    const id = await create(ANN)
    await waiting(id)
    const refused = await approve({ ...person('Ann'), id: 'another' }, id)
    expect(refused).toMatchObject({ code: 403, body: { code: 'forbidden' } })
    expect(refused.body.detail).toContain('Ask another person with the scope mailings:send to approve it')
  })

  it('cannot be approved by a key at the end of a long chain, nor, written by that key, by the person at its beginning', async () => {
    const last = await addChain('ann')
    const byPerson = await create(ANN)
    const byKey = await create(last)
    await waiting(byPerson)
    await waiting(byKey)
    expect((await approve(last, byPerson)).code).toBe(403)
    expect((await approve(ANN, byKey)).code).toBe(403)
    expect((await approve(last, byKey)).code).toBe(403)
    expect((await approve(BOB, byKey)).code).toBe(200)
  })

  it('has a chain of keys end where there are as many as may be', async () => {
    await addKeyOf(idOf(0), 'ann', 1)
    await expect(addKeyOf(idOf(1), `sender (key ${idOf(0)})`, 1)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('may be edited again where it expired before it was ever sent', async () => {
    const id = await create(ANN)
    await waiting(id)
    dispatcher.clock.advance(2 * HOUR_MS)
    await eventually(async () => (await read(id)).status === 'expired')
    const end = new Date(dispatcher.clock.nowMs() + HOUR_MS).toISOString()
    expect(await as(ANN, 'PATCH', `/api/v1/mailings/${id}`, { end })).toMatchObject({
      code: 200,
      body: { status: 'scheduled', version: 2 },
    })
    await waiting(id)
    expect((await approve(BOB, id, 2)).code).toBe(200)
    await eventually(() => hasStarted(id))
  })

  it('cannot be edited where it was sent and expired', async () => {
    const id = await create(ANN)
    await waiting(id)
    await approve(BOB, id)
    await eventually(() => hasStarted(id))
    expect((await as(ANN, 'POST', `/api/v1/mailings/${id}/pause`)).code).toBe(200)
    dispatcher.clock.advance(2 * HOUR_MS)
    await eventually(async () => (await read(id)).status === 'expired')
    const end = new Date(dispatcher.clock.nowMs() + HOUR_MS).toISOString()
    expect((await as(ANN, 'PATCH', `/api/v1/mailings/${id}`, { end })).code).toBe(409)
  })

  it('waits no more once no approval is asked for, not when it is resumed either', async () => {
    const id = await create(ANN)
    await waiting(id)
    expect(await startMailing(dispatcher.database, id, dispatcher.clock.nowMs(), 0)).toBeDefined()
    expect(await read(id)).toMatchObject({ status: 'running', approval: null })
    expect((await as(ANN, 'POST', `/api/v1/mailings/${id}/pause`)).code).toBe(200)
    expect((await as(ANN, 'POST', `/api/v1/mailings/${id}/resume`)).code).toBe(200)
  })

  it('cannot be approved by a key of its author, nor by the person who made the key that wrote it', async () => {
    const [ofAnn, ofHerKey, ofBob] = ['a', 'b', 'c'].map((letter) => letter.repeat(16)) as [
      string,
      string,
      string,
    ]
    await addKeyOf(ofAnn, 'ann (local)')
    await addKeyOf(ofHerKey, `sender (key ${ofAnn})`)
    await addKeyOf(ofBob, 'bob')
    const byPerson = await create(ANN)
    await waiting(byPerson)
    for (const id of [ofAnn, ofHerKey]) expect((await approve(key(id), byPerson)).code).toBe(403)
    expect((await approve(key(ofBob), byPerson)).code).toBe(200)
    const byKey = await create(key(ofHerKey))
    await waiting(byKey)
    expect((await approve(ANN, byKey)).code).toBe(403)
    expect((await approve(BOB, byKey)).code).toBe(200)
  })
})
