import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { ChangedClients, ClientChangeCount } from '@runnel/contracts/api/client-change'
import type { Client } from '@runnel/contracts/api/client'
import { sql } from 'kysely'
import { expectProblem, insertClients, type TestClient } from './mailing-requests.ts'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

const CLIENTS = '/api/v1/clients'
const URL = `${CLIENTS}/changes`
const MAX = 5000

let dispatcher: TestDispatcher

beforeAll(async () => {
  dispatcher = await startDispatcher({ env: { CLIENT_CHANGE_MAX: String(MAX) } })
})
afterAll(() => dispatcher.stop())
beforeEach(() =>
  sql`truncate client, suppression, audit_log restart identity`.execute(dispatcher.database.kysely),
)

const insert = (clients: readonly TestClient[]) => insertClients(dispatcher.database, clients)
const ANN = { phone: 79160000001, tag: 'vip', attributes: { name: 'Ann' } }
const BOB = { phone: 79160000002, tag: 'vip', attributes: { name: 'Bob' } }
const CID = { phone: 79160000003, tag: '', attributes: { name: 'Cid' } }

const preview = async (body: object): Promise<ClientChangeCount> => {
  const answer = await dispatcher.post(`${URL}/preview`, body)
  expect(answer.statusCode).toBe(200)
  return answer.json()
}
const change = (body: object) => dispatcher.post(URL, body, { 'x-forwarded-user': 'ann' })
const clients = async () =>
  (await dispatcher.get(`${CLIENTS}?limit=1000`))
    .json<{ items: Client[] }>()
    .items.map(({ phone, tag, optedOut }) => [phone.slice(-1), tag, optedOut])
const audit = async () =>
  (await dispatcher.get('/api/v1/audit')).json<{ items: { action: string; detail: object }[] }>().items

describe('one change for many clients', () => {
  it('gives those that match another tag, as many as were counted', async () => {
    await insert([ANN, { ...BOB, tag: 'new' }, CID])
    const body = { filter: { q: 'a' }, change: { tag: 'new' } }
    const filter = { filter: {}, change: { tag: 'new' } }
    expect(await preview(body)).toMatchObject({ count: 1, toChange: 1 })
    const { throughId, toChange, count } = await preview(filter)
    expect({ toChange, count }).toEqual({ toChange: 2, count: 3 })
    const answer = await change({ ...filter, throughId, toChange })
    expect([answer.statusCode, answer.json()]).toEqual([200, { changed: 2, nextCursor: null }])
    expect(await clients()).toEqual(['1', '2', '3'].map((phone) => [phone, 'new', false]))
    expect(await audit()).toMatchObject([
      {
        ...{ action: 'change_many', actor: 'ann', subject: 'client', subjectId: null },
        detail: { filter: {}, change: { tag: 'new' }, changed: 2 },
      },
    ])
  })

  it('opts them out for good: their phones are on the suppression list, with the reason', async () => {
    await insert([ANN, BOB, CID])
    const body = { filter: { tag: 'vip' }, change: { optedOut: true, reason: 'campaign ended' } }
    const { throughId, toChange } = await preview(body)
    expect((await change({ ...body, throughId, toChange })).json()).toMatchObject({ changed: 2 })
    expect(await clients()).toEqual([
      ['1', 'vip', true],
      ['2', 'vip', true],
      ['3', '', false],
    ])
    expect((await dispatcher.get(`/api/v1/suppressions/${ANN.phone}`)).json()).toMatchObject({
      ...{ reason: 'campaign ended', actor: 'ann', source: 'client' },
    })
  })

  it('names clients by a list of phones, as people write them', async () => {
    await insert([ANN, BOB, CID])
    const body = { phones: ['+7 (916) 000-00-01', '79160000003', '79169999999'], change: { tag: 'listed' } }
    const { throughId, toChange, count } = await preview(body)
    expect({ toChange, count }).toEqual({ toChange: 2, count: 2 })
    await change({ ...body, throughId, toChange })
    expect((await clients()).map(([, tag]) => tag)).toEqual(['listed', 'vip', 'listed'])
    expect(await audit()).toMatchObject([{ detail: { phones: 3, changed: 2 } }])
  })

  it('changes nothing the second time, and leaves alone who comes after the preview', async () => {
    await insert([ANN])
    const body = { filter: {}, change: { tag: 'x', optedOut: true } }
    const { throughId, toChange } = await preview(body)
    await insert([BOB])
    expect((await change({ ...body, throughId, toChange })).json()).toMatchObject({ changed: 1 })
    expect(await clients()).toEqual([
      ['1', 'x', true],
      ['2', 'vip', false],
    ])
    expect((await change({ ...body, throughId, toChange: 0 })).json()).toEqual({
      changed: 0,
      nextCursor: null,
    })
    expect(await audit()).toHaveLength(1)
  })

  it('changes nothing where another number would change than was confirmed', async () => {
    await insert([ANN, BOB])
    const body = { filter: { tag: 'vip' }, change: { tag: 'x' } }
    const { throughId, toChange } = await preview(body)
    await dispatcher.patch(`${CLIENTS}/1`, { tag: 'other' })
    const refused = await change({ ...body, throughId, toChange })
    expectProblem(refused, 409, 'conflict', 'toChange')
    expect(refused.json()).toMatchObject({ toChange: 1 })
    expect((await clients()).map(([, tag]) => tag)).toEqual(['other', 'vip'])
  })

  it('goes through thousands, also where the change ends what the filter asks for', async () => {
    await insert(Array.from({ length: 4500 }, (_, i) => ({ phone: 79161000000 + i, tag: 'old' })))
    const body = { filter: { tag: 'old' }, change: { tag: 'new' } }
    const { throughId, toChange } = await preview(body)
    let changed = 0
    let cursor: string | null | undefined
    while (cursor !== null) {
      const answer: ChangedClients = (
        await change({ ...body, throughId, toChange, ...(cursor && { cursor }) })
      ).json()
      changed += answer.changed
      cursor = answer.nextCursor
    }
    expect([toChange, changed]).toEqual([4500, 4500])
    expect(await preview(body)).toMatchObject({ count: 0 })
    expect(await preview({ filter: {}, change: { tag: 'new' } })).toMatchObject({ count: 4500, toChange: 0 })
  })

  it('is about no more than CLIENT_CHANGE_MAX', async () => {
    await insert(Array.from({ length: MAX + 1 }, (_, i) => ({ phone: 79161000000 + i })))
    const refused = await dispatcher.post(`${URL}/preview`, { filter: {}, change: { tag: 'x' } })
    expectProblem(refused, 409, 'conflict', 'toChange')
    expect(refused.json<{ detail: string }>().detail).toContain('CLIENT_CHANGE_MAX')
  })

  it.each<[object, string, string]>([
    [{ change: { tag: 'x' } }, 'missing_field', '/filter'],
    [{ filter: {}, phones: ['79160000001'], change: { tag: 'x' } }, 'missing_field', '/filter'],
    [{ filter: {}, change: {} }, 'missing_field', '/change'],
    [{ filter: {}, change: { reason: 'x' } }, 'missing_field', '/change'],
    [{ filter: {}, change: { optedOut: false } }, 'invalid_field', '/change/optedOut'],
    [{ filter: { name: 'x' }, change: { tag: 'x' } }, 'invalid_field', '/filter'],
    [{ filter: { timeZone: 'Mars' }, change: { tag: 'x' } }, 'invalid_field', '/filter/timeZone'],
    [{ phones: ['79160000001', '12'], change: { tag: 'x' } }, 'invalid_field', '/phones/1'],
    [{ phones: [], change: { tag: 'x' } }, 'invalid_field', '/phones'],
    [{ filter: {}, change: { tag: 'я'.repeat(300) } }, 'text_too_long', '/change/tag'],
  ])('refuses %j', async (body, code, field) => {
    expectProblem(await dispatcher.post(`${URL}/preview`, body), 400, code, field)
  })
})
