import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Mailing } from '@runnel/contracts/api/mailing'
import { expectProblem, MAILINGS, NOON_MS, post, setStatus } from './mailing-requests.ts'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

let dispatcher: TestDispatcher
beforeAll(async () => {
  dispatcher = await startDispatcher({ nowMs: NOON_MS })
})
afterAll(() => dispatcher.stop())

const edit = (id: number, patch: object) => dispatcher.patch(`${MAILINGS}/${id}`, patch)
const zones = (id: number) =>
  dispatcher.database.kysely
    .selectFrom('mailing_zone')
    .select(['time_zone', 'open_from', 'open_until'])
    .where('mailing_id', '=', id)
    .orderBy('time_zone')
    .execute()

describe('PATCH /api/v1/mailings/:id', () => {
  it('changes what it names before the start, and counts the versions', async () => {
    const { id } = await post(dispatcher, { filter: { tags: ['a'] }, window: { from: '09:00', to: '21:00' } })
    const answer = await edit(id, { start: '2026-03-01T20:00:00Z', filter: { operatorCodes: ['916'] } })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      ...{ start: '2026-03-01T20:00:00.000Z', filter: { operatorCodes: ['916'], tags: ['a'] }, version: 2 },
      ...{ window: { from: '09:00', to: '21:00' }, name: 'Sale' },
    })
    expect((await edit(id, { window: null, version: 2 })).json()).toMatchObject({ window: null, version: 3 })
    expect((await edit(id, {})).json()).toMatchObject({ version: 3 })
  })

  const filter = { operatorCodes: ['916', '917'], tags: ['vip'] }
  const window = { from: '09:00', to: '21:00' }
  it.each([
    [
      'keeps what a filter does not name',
      { filter: { tags: ['new'] } },
      { filter: { ...filter, tags: ['new'] } },
    ],
    ['keeps everything where a filter names nothing', { filter: {} }, { filter, version: 1 }],
    ['removes a condition that is null', { filter: { tags: null } }, { filter: { ...filter, tags: [] } }],
    ['removes the filter that is null', { filter: null }, { filter: { operatorCodes: [], tags: [] } }],
    [
      'keeps what a window does not name',
      { window: { to: '22:00' } },
      { window: { from: '09:00', to: '22:00' } },
    ],
    ['keeps a window that names nothing', { window: {} }, { window, version: 1 }],
  ])('%s', async (_, patch, merged) => {
    const { id } = await post(dispatcher, { filter, window })
    const answer = await edit(id, patch)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject(merged)
    expect((await dispatcher.get(`${MAILINGS}/${id}`)).json()).toMatchObject(merged)
  })

  it('refuses a window that is half of one, and one that would be empty', async () => {
    const { id } = await post(dispatcher)
    expectProblem(await edit(id, { window: { from: '09:00' } }), 400, 'invalid_field', '/window/to')
    expectProblem(await edit(id, { window: { to: '09:00' } }), 400, 'invalid_field', '/window/from')
    expect((await edit(id, { window: {} })).json()).toMatchObject({ window: null, version: 1 })
    await edit(id, { window })
    expectProblem(await edit(id, { window: { from: '21:00' } }), 400, 'invalid_field', '/window/to')
  })

  it('refuses a time that does not say in which zone it is', async () => {
    const { id } = await post(dispatcher)
    for (const end of ['2026-03-02T18:00:00', '2026-03-02 18:00', '2026-03-02']) {
      const answer = await edit(id, { end })
      expectProblem(answer, 400, 'invalid_field', '/end')
      expect(answer.json()).toMatchObject({ expected: expect.stringContaining('+03:00') })
      expectProblem(await dispatcher.post(MAILINGS, { text: 'Hi', end }), 400, 'invalid_field', '/end')
    }
    for (const end of [
      '2026-03-02T18:00:00+03:00',
      '2026-03-02T15:00:00Z',
      '20260302T150000+0000',
      '1772463600',
    ])
      expect((await edit(id, { end })).json()).toMatchObject({ end: '2026-03-02T15:00:00.000Z' })
  })

  it('changes text, name, end, window and rate of one that runs, and nothing else', async () => {
    const { id } = await post(dispatcher)
    await setStatus(dispatcher.database, id, 'running')
    const patch = {
      ...{ name: 'Late', text: 'Bye', end: '2026-03-01T13:00:00.000Z', ratePerSecond: 3 },
      window: { from: '08:00', to: '20:00' },
    }
    expect((await edit(id, patch)).json()).toMatchObject({ ...patch, status: 'running', version: 2 })
    expectProblem(await edit(id, { start: '2026-03-01T12:30:00Z' }), 409, 'conflict', '/start')
    expectProblem(await edit(id, { filter: { tags: ['x'] } }), 409, 'conflict', '/filter/tags')
    expectProblem(await edit(id, { end: '2026-03-01T12:00:00Z' }), 400, 'invalid_field', '/end')
    const unchanged = { start: new Date(NOON_MS).toISOString(), filter: {} }
    expect((await edit(id, unchanged)).json()).toMatchObject({ version: 2 })
  })

  it('moves the windows of a running mailing in every zone', async () => {
    const { id } = await post(dispatcher, { window: { from: '09:00', to: '21:00' } })
    await setStatus(dispatcher.database, id, 'running')
    const old = { open_from: new Date(NOON_MS), open_until: new Date(NOON_MS + 1) }
    const names = ['Asia/Tokyo', 'Europe/London']
    await dispatcher.database.kysely
      .insertInto('mailing_zone')
      .values(names.map((time_zone) => ({ mailing_id: id, time_zone, ...old })))
      .execute()
    await edit(id, { window: { from: '10:00', to: '18:00' } })
    expect(await zones(id)).toEqual([
      // 21:00 there: the next window is tomorrow's.
      {
        time_zone: 'Asia/Tokyo',
        open_from: new Date('2026-03-02T01:00:00Z'),
        open_until: new Date('2026-03-02T09:00:00Z'),
      },
      {
        time_zone: 'Europe/London',
        open_from: new Date('2026-03-01T10:00:00Z'),
        open_until: new Date('2026-03-01T18:00:00Z'),
      },
    ])
    await edit(id, { window: null })
    for (const { open_from, open_until } of await zones(id)) {
      expect(open_from.getTime()).toBeLessThan(NOON_MS)
      expect(open_until.getTime()).toBeGreaterThan(NOON_MS + 1e12)
    }
  })

  it('is refused where another user was faster', async () => {
    const { id } = await post(dispatcher)
    const tries = await Promise.all(['a', 'b', 'c'].map((name) => edit(id, { name, version: 1 })))
    expect(tries.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409])
    const refused = tries.find(({ statusCode }) => statusCode === 409)!
    expectProblem(refused, 409, 'conflict', '/version')
    expect(refused.json()).toMatchObject({ expected: '2' })
  })

  it('is refused once the mailing was cancelled', async () => {
    const { id } = await post(dispatcher)
    await setStatus(dispatcher.database, id, 'cancelled')
    const answer = await edit(id, { name: 'x' })
    expectProblem(answer, 409, 'conflict', 'status')
    expect(answer.json<Mailing>()).toMatchObject({ mailingStatus: 'cancelled' })
  })

  it('gives a mailing that has ended another text, and prolongs one that has expired', async () => {
    const { id } = await post(dispatcher)
    for (const status of ['completed', 'expired'] as const) {
      await setStatus(dispatcher.database, id, status)
      expect((await edit(id, { text: `Now ${status}` })).json()).toMatchObject({
        status,
        text: `Now ${status}`,
      })
    }
    const end = '2026-03-05T12:00:00.000Z'
    expect((await edit(id, { end })).json()).toMatchObject({ status: 'running', end, finishedAt: null })
    const history = (await dispatcher.get(`${MAILINGS}/${id}/history`)).json<{ items: object[] }>()
    expect(history.items[0]).toMatchObject({ action: 'edit', detail: { from: 'expired', to: 'running' } })
  })

  it.each([
    ['a text that is not a valid template', { text: '{% if %}' }, 'invalid_field', '/text'],
    ['a name that is nothing', { name: null }, 'invalid_field', '/name'],
    ['an end before the start', { end: '2026-02-28T00:00:00Z' }, 'invalid_field', '/end'],
    ['an invalid version', { version: 0 }, 'invalid_field', '/version'],
    ['an unknown field', { draft: true }, 'invalid_field', ''],
    ['a status', { status: 'cancelled' }, 'invalid_field', ''],
  ])('refuses %s', async (_, patch, code, field) => {
    const { id } = await post(dispatcher)
    expectProblem(await edit(id, patch), 400, code, field)
  })
})
