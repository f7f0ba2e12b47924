import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Mailing } from '@runnel/contracts/api/mailing'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { expectProblem, mailing, MAILINGS, NOON_MS, post, setStatus } from './mailing-requests.ts'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

let dispatcher: TestDispatcher
beforeAll(async () => {
  dispatcher = await startDispatcher({ nowMs: NOON_MS })
})
afterAll(() => dispatcher.stop())
beforeEach(async () => {
  dispatcher.clock.set(NOON_MS)
  await sql`truncate mailing, mailing_zone, audit_log restart identity`.execute(dispatcher.database.kysely)
})

const act = (id: number, action: string, headers = {}) =>
  dispatcher.post(`${MAILINGS}/${id}/${action}`, undefined, headers)
const find = async (id: number) => (await dispatcher.get(`${MAILINGS}/${id}`)).json<Mailing>()
describe('POST /api/v1/mailings', () => {
  it('creates a mailing that starts at its start time, by default now', async () => {
    const answer = await dispatcher.post(MAILINGS, { text: 'Hello', end: '2026-03-02T15:00:00+03:00' })
    expect(answer.statusCode).toBe(201)
    expect(answer.headers.location).toBe('/api/v1/mailings/1')
    expect(answer.json()).toEqual({
      ...{ id: 1, name: '', status: 'scheduled', start: '2026-03-01T12:00:00.000Z' },
      ...{ end: '2026-03-02T12:00:00.000Z', text: 'Hello', channel: 'gateway', subject: null },
      filter: { operatorCodes: [], tags: [], received: [], notReceived: [] },
      ...{ window: null, ratePerSecond: null, version: 1, messageCount: 0, materialised: false },
      ...{ createdAt: '2026-03-01T12:00:00.000Z', updatedAt: '2026-03-01T12:00:00.000Z' },
      ...{
        startedAt: null,
        finishedAt: null,
        settledAt: null,
        testOf: null,
        restReason: null,
        approval: null,
      },
      warnings: [expect.objectContaining({ code: 'audience_empty' })],
    })
    expect(answer.json()).toMatchObject(await find(1))
  })

  it('accepts every field that a mailing may have', async () => {
    const members = {
      ...{ name: 'Night', start: '2026-03-01T18:00:00.000Z', window: { from: '22:30', to: '06:00' } },
      ...{ filter: { operatorCodes: ['916', '903'], tags: ['vip', ''] }, ratePerSecond: 10_000 },
    }
    expect(await post(dispatcher, { ...members, draft: true })).toMatchObject({ ...members, status: 'draft' })
    const filter = { tags: ['a', 'b', 'a'] }
    expect((await post(dispatcher, { filter })).filter).toMatchObject({ operatorCodes: [], tags: ['a', 'b'] })
    expect((await post(dispatcher, { filter: {}, window: null, ratePerSecond: null })).window).toBeNull()
  })

  it('answers the first mailing again for the same key, and keeps keys apart', async () => {
    const key = { 'idempotency-key': 'k 1' }
    const first = await dispatcher.post(MAILINGS, mailing(), key)
    expect(first.headers['idempotent-replayed']).toBeUndefined()
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) => dispatcher.post(MAILINGS, mailing({ name: `${n}` }), key)),
    )
    for (const again of answers) {
      expect([again.statusCode, again.headers['idempotent-replayed']]).toEqual([201, 'true'])
      expect(again.json()).toEqual(first.json())
    }
    const other = await dispatcher.post(MAILINGS, mailing(), { 'idempotency-key': 'k 2' })
    expect(other.json<Mailing>().id).not.toBe(first.json<Mailing>().id)
    await dispatcher.delete(`${MAILINGS}/1`)
    expectProblem(await dispatcher.post(MAILINGS, mailing(), key), 409, 'conflict', 'idempotency-key')
  })

  const many = (length: number) => Array.from({ length }, (_, i) => `t${i}`)
  it.each([
    ['no end', { end: undefined }, 'missing_field', '/end'],
    ['no text', { text: undefined }, 'missing_field', '/text'],
    ['an empty text', { text: '' }, 'invalid_field', '/text'],
    ['a text that is not a valid template', { text: '{{ a' }, 'invalid_field', '/text'],
    ['a text that is too long', { text: 'я'.repeat(9000) }, 'text_too_long', '/text'],
    ['a name that is too long', { name: 'x'.repeat(201) }, 'text_too_long', '/name'],
    ['a name with NUL', { name: 'a\0b' }, 'nul_character', '/name'],
    ['a text with half a character', { text: 'a\ud800' }, 'lone_surrogate', '/text'],
    ['a tag with NUL', { filter: { tags: ['a\0'] } }, 'nul_character', '/filter/tags/0'],
    ['an end that is not a time', { end: 'soon' }, 'invalid_field', '/end'],
    ['an end on a day that does not exist', { end: '2026-02-30T00:00:00Z' }, 'invalid_field', '/end'],
    [
      'an end that has passed',
      { start: '2026-02-01T00:00:00Z', end: '2026-03-01T12:00:00Z' },
      'invalid_field',
      '/end',
    ],
    ['an end before its start', { start: '2026-03-03T00:00:00Z' }, 'invalid_field', '/end'],
    ['an end too far from its start', { end: '2027-03-02T12:00:01Z' }, 'invalid_field', '/end'],
    ['a window that is empty', { window: { from: '09:00', to: '09:00' } }, 'invalid_field', '/window/to'],
    ['a window without an end', { window: { from: '09:00' } }, 'missing_field', '/window/to'],
    ['a window of other times', { window: { from: '9:00', to: '24:00' } }, 'invalid_field', '/window/from'],
    ['no rate', { ratePerSecond: 0 }, 'invalid_field', '/ratePerSecond'],
    ['too high a rate', { ratePerSecond: 10_001 }, 'invalid_field', '/ratePerSecond'],
    ['half a rate', { ratePerSecond: 0.5 }, 'invalid_field', '/ratePerSecond'],
    ['too many tags', { filter: { tags: many(1001) } }, 'invalid_field', '/filter/tags'],
    ['a tag that is too long', { filter: { tags: ['x'.repeat(513)] } }, 'text_too_long', '/filter/tags/0'],
    ['no operator code', { filter: { operatorCodes: ['9 1'] } }, 'invalid_field', '/filter/operatorCodes/0'],
    ['an unknown field', { windw: null }, 'invalid_field', ''],
    ['a status', { status: 'running' }, 'invalid_field', ''],
  ])('refuses %s', async (_, members, code, field) => {
    const answer = await dispatcher.post(MAILINGS, mailing(members))
    expectProblem(answer, 400, code, field)
    if (code !== 'nul_character') expect(answer.json<{ expected: string }>().expected).not.toBe('')
    expect((await dispatcher.get(MAILINGS)).json()).toEqual({ items: [], nextCursor: null })
  })

  it('refuses text that is not UTF-8 instead of storing something else', async () => {
    const payload = Buffer.from(JSON.stringify(mailing({ name: 'X' })).replace('X', '\xff'), 'latin1')
    const headers = { 'content-type': 'application/json' }
    const answer = await dispatcher.inject({ method: 'POST', url: MAILINGS, headers, payload })
    expectProblem(answer, 400, 'bad_encoding')
  })

  it('accepts as many tags and as long a time as documented', async () => {
    await post(dispatcher, { filter: { tags: many(1000) }, end: '2027-03-02T12:00:00Z' })
  })

  it('refuses keys that are empty or too long', async () => {
    const send = (key: string) => dispatcher.post(MAILINGS, mailing(), { 'idempotency-key': key })
    expectProblem(await send(''), 400, 'invalid_field', 'idempotency-key')
    expectProblem(await send('k'.repeat(513)), 400, 'text_too_long', 'idempotency-key')
  })
})

describe('GET /api/v1/mailings', () => {
  it('shows the newest first, page by page, and by status', async () => {
    for (let i = 0; i < 5; i++) await post(dispatcher, { draft: i === 2 })
    const seen: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { items: Mailing[]; nextCursor: string | null } = (
        await dispatcher.get(`${MAILINGS}?limit=2${cursor && `&cursor=${cursor}`}`)
      ).json()
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    }
    expect(seen).toEqual([5, 4, 3, 2, 1])
    const drafts = (await dispatcher.get(`${MAILINGS}?status=draft`)).json<{ items: Mailing[] }>()
    expect(drafts.items.map(({ id }) => id)).toEqual([3])
  })

  it('refuses unknown parameters', async () => {
    expectProblem(await dispatcher.get(`${MAILINGS}?status=gone`), 400, 'invalid_field', 'status')
    expectProblem(await dispatcher.get(`${MAILINGS}?cursor=x`), 400, 'invalid_cursor', 'cursor')
    expectProblem(await dispatcher.get(`${MAILINGS}?limit=0`), 400, 'invalid_field', 'limit')
    expectProblem(await dispatcher.get(`${MAILINGS}?stauts=draft`), 400, 'invalid_field')
    expectProblem(await dispatcher.get(`${MAILINGS}/99`), 404, 'not_found', 'id')
    expectProblem(await dispatcher.get(`${MAILINGS}/x`), 400, 'invalid_field', 'id')
  })
})

describe('an action on a mailing', () => {
  it('takes effect at once, is answered with the mailing, and may be repeated', async () => {
    const { id } = await post(dispatcher, { draft: true })
    const steps = [
      ['schedule', 'draft', 'scheduled'],
      ['pause', 'running', 'paused'],
      ['resume', 'paused', 'running'],
      ['cancel', 'paused', 'cancelled'],
    ] as const
    for (const [action, from, to] of steps) {
      await setStatus(dispatcher.database, id, from)
      await act(id, action)
      const answer = await act(id, action)
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toMatchObject(await find(id))
      expect(answer.json<Mailing>().status).toBe(to)
    }
    for (const action of ['schedule', 'pause', 'resume', 'retry-failed']) {
      const answer = await act(id, action)
      expectProblem(answer, 409, 'conflict', 'status')
      expect(answer.json()).toMatchObject({ mailingStatus: 'cancelled' })
    }
  })

  it('wakes every replica once where there is work now', async () => {
    let heard = 0
    const stop = dispatcher.broker.subscribe('runnel.wake', () => heard++)
    const { id } = await post(dispatcher, { draft: true })
    await dispatcher.patch(`${MAILINGS}/${id}`, { name: 'x' })
    for (const action of ['schedule', 'schedule', 'resume', 'cancel', 'cancel']) await act(id, action)
    await eventually(() => heard >= 2)
    // Notices keep their order: with this one, all from before have come.
    await post(dispatcher)
    await eventually(() => heard >= 3)
    expect(heard).toBe(3)
    stop()
  })

  it('is in its history, with its user', async () => {
    const { id } = await post(dispatcher)
    await act(id, 'cancel', { 'x-forwarded-user': 'ann@example.org' })
    await act(id, 'cancel', { 'x-forwarded-user': 'bob@example.org' })
    const history = (await dispatcher.get(`${MAILINGS}/${id}/history`)).json<{ items: object[] }>()
    expect(history.items).toMatchObject([
      { actor: 'ann@example.org', action: 'cancel', detail: { from: 'scheduled', to: 'cancelled' } },
      { actor: 'anonymous', action: 'create', detail: { name: 'Sale', startMs: NOON_MS } },
    ])
    const page = (await dispatcher.get(`${MAILINGS}/${id}/history?limit=1`)).json<{ nextCursor: string }>()
    const next = await dispatcher.get(`${MAILINGS}/${id}/history?limit=1&cursor=${page.nextCursor}`)
    expect(next.json()).toEqual({ items: [history.items[1]], nextCursor: null })
  })

  it('accepts no body with fields', async () => {
    const { id } = await post(dispatcher)
    expectProblem(await dispatcher.post(`${MAILINGS}/${id}/cancel`, { at: 'noon' }), 400, 'invalid_field')
    expectProblem(await dispatcher.post(`${MAILINGS}/${id}/cancel`, []), 400, 'invalid_field')
    expect((await dispatcher.post(`${MAILINGS}/${id}/cancel`, {})).statusCode).toBe(200)
  })

  it('is consistent with another one at the same time: one wins, or both wanted the same', async () => {
    for (let i = 0; i < 5; i++) {
      const { id } = await post(dispatcher)
      await setStatus(dispatcher.database, id, 'running')
      const names = ['pause', 'cancel', 'pause', 'cancel']
      const answers = await Promise.all(names.map((name) => act(id, name)))
      expect((await find(id)).status).toBe('cancelled')
      const history = (await dispatcher.get(`${MAILINGS}/${id}/history`)).json<{
        items: { action: string }[]
      }>()
      const actions = history.items.map(({ action }) => action)
      expect(actions.filter((action) => action === 'cancel')).toHaveLength(1)
      // A pause was first, or is refused because the mailing is cancelled.
      const pauses = answers.filter((answer, n) => names[n] === 'pause' && answer.statusCode === 200)
      expect(actions.includes('pause')).toBe(pauses.length > 0)
      for (const { statusCode } of answers) expect([200, 409]).toContain(statusCode)
    }
  })
})

describe('DELETE /api/v1/mailings/:id', () => {
  it.each(['draft', 'scheduled', 'running', 'paused', 'expired'] as const)(
    'hides a mailing that is %s from every route',
    async (status) => {
      const { id } = await post(dispatcher)
      await setStatus(dispatcher.database, id, status)
      const answer = await dispatcher.delete(`${MAILINGS}/${id}`)
      expect([answer.statusCode, answer.body]).toEqual([204, ''])
      for (const path of ['', '/history', '/audience']) {
        expectProblem(await dispatcher.get(`${MAILINGS}/${id}${path}`), 404, 'not_found', 'id')
      }
      for (const name of ['schedule', 'pause', 'resume', 'cancel', 'retry-failed']) {
        expectProblem(await act(id, name), 404, 'not_found', 'id')
      }
      expectProblem(await dispatcher.patch(`${MAILINGS}/${id}`, { name: 'x' }), 404, 'not_found', 'id')
      expectProblem(await dispatcher.delete(`${MAILINGS}/${id}`), 404, 'not_found', 'id')
      expect((await dispatcher.get(MAILINGS)).json()).toEqual({ items: [], nextCursor: null })
    },
  )
})
