import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Mailing } from '@runnel/contracts/api/mailing'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import {
  expectProblem,
  insertClients,
  mailing,
  MAILINGS,
  NOON_MS,
  post,
  setStatus,
} from './mailing-requests.ts'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

let dispatcher: TestDispatcher
beforeAll(async () => {
  dispatcher = await startDispatcher({ nowMs: NOON_MS })
})
afterAll(() => dispatcher.stop())

const find = async (id: number) => (await dispatcher.get(`${MAILINGS}/${id}`)).json<Mailing>()

describe('a copy of a mailing', () => {
  it('is a draft like it, from now on, made once for a key, in whatever state the original is', async () => {
    const other = await post(dispatcher)
    const members = {
      ...{ name: 'Sale', ratePerSecond: 5, window: { from: '09:00', to: '21:00' } },
      filter: { operatorCodes: ['916'], tags: ['vip'], received: [other.id], notReceived: [] },
    }
    const { id } = await post(dispatcher, { ...members, start: '2026-03-01T12:30:00Z' })
    await setStatus(dispatcher.database, id, 'cancelled')
    const copy = () => dispatcher.post(`${MAILINGS}/${id}/copy`, undefined, { 'idempotency-key': 'a copy' })
    const answer = await copy()
    expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)])
    const made = answer.json<Mailing>()
    expect(made).toMatchObject({
      ...{
        ...members,
        name: 'Sale (copy)',
        status: 'draft',
        text: 'Hello {{ attributes.name }}',
        version: 1,
      },
      ...{ start: '2026-03-01T12:00:00.000Z', end: '2026-03-02T11:30:00.000Z', startedAt: null },
    })
    expect(answer.headers.location).toBe(`${MAILINGS}/${made.id}`)
    expect((await copy()).json()).toEqual(made)
    expect(await find(made.id)).toEqual(made)
    expectProblem(await dispatcher.post(`${MAILINGS}/99999/copy`), 404, 'not_found', 'id')
  })
})

describe('the list of mailings', () => {
  it('is searched by a part of the name, in any case, and taken literally', async () => {
    for (const name of ['Spring 50% off', 'Spring 500', 'Весна']) await post(dispatcher, { name })
    const names = async (q: string) => {
      const answer = await dispatcher.get(`${MAILINGS}?q=${encodeURIComponent(q)}`)
      return answer.json<{ items: Mailing[] }>().items.map(({ name }) => name)
    }
    expect(await names('spring')).toEqual(['Spring 500', 'Spring 50% off'])
    expect(await names('50%')).toEqual(['Spring 50% off'])
    expect(await names('ВЕСНА')).toEqual(['Весна'])
    expect(await names('none of it')).toEqual([])
  })

  it('is read by a time in which mailings were under way', async () => {
    const times = [
      ['not started', null, null],
      ['before', '10:00', '10:30'],
      ['at its edge', '10:15', '11:00'],
      ['within', '11:30', '11:40'],
      ['still', '09:00', null],
      ['after', '12:00', null],
    ] as const
    const at = (clock: string | null) => (clock === null ? null : new Date(`2026-03-01T${clock}:00Z`))
    await sql`truncate mailing, mailing_zone restart identity`.execute(dispatcher.database.kysely)
    for (const [name, started, finished] of times) {
      const { id } = await post(dispatcher, { name })
      await dispatcher.database.kysely
        .updateTable('mailing')
        .set({ started_at: at(started), finished_at: at(finished) })
        .where('id', '=', id)
        .execute()
    }
    const active = async (query: string) => {
      const { items } = (await dispatcher.get(`${MAILINGS}?${query}`)).json<{ items: Mailing[] }>()
      return items.map(({ name }) => name)
    }
    const [from, to] = ['activeFrom=2026-03-01T11:00:00Z', 'activeTo=2026-03-01T12:00:00Z']
    expect(await active(`${from}&${to}`)).toEqual(['still', 'within', 'at its edge'])
    expect(await active(from)).toEqual(['after', 'still', 'within', 'at its edge'])
    expect(await active('activeTo=2026-03-01T10:00:00Z')).toEqual(['still'])
    expectProblem(await dispatcher.get(`${MAILINGS}?activeFrom=noon`), 400, 'invalid_field', 'activeFrom')
  })
})

describe('an audience', () => {
  it('can be limited to who has received another mailing, or has not', async () => {
    await insertClients(
      dispatcher.database,
      [1, 2, 3, 4, 5].map((n) => ({ phone: 79160000100 + n, tag: 'five' })),
    )
    const { rows: clients } = await sql<{ id: number }>`
      select id from client where tag = 'five' order by id`.execute(dispatcher.database.kysely)
    const first = await post(dispatcher)
    const statuses = ['sent', 'failed', 'unknown', 'pending']
    await sql`insert into message (id, mailing_id, client_id, cell, status, updated_at)
      select 500 + n, ${first.id}::bigint, (${clients.map(({ id }) => id)}::bigint[])[n], 1, (${statuses}::text[])[n], now()
      from generate_series(1, 4) n`.execute(dispatcher.database.kysely)
    const reached = async (filter: object) => {
      const body = { text: 'Hi', filter: { tags: ['five'], ...filter } }
      const preview = (await dispatcher.post(`${MAILINGS}/preview`, body)).json<{
        sample: { phone: string }[]
      }>()
      return preview.sample.map(({ phone }) => Number(phone) - 79160000100)
    }
    expect(await reached({})).toEqual([1, 2, 3, 4, 5])
    expect(await reached({ received: [first.id] })).toEqual([1])
    expect(await reached({ notReceived: [first.id] })).toEqual([2, 4, 5])
    const answer = await dispatcher.post(MAILINGS, mailing({ filter: { received: [99999] } }))
    expectProblem(answer, 400, 'invalid_field', '/filter/received')
    const second = await post(dispatcher, { filter: { tags: ['five'], notReceived: [first.id] } })
    const patch = { filter: { notReceived: [99999] } }
    expectProblem(
      await dispatcher.patch(`${MAILINGS}/${second.id}`, patch),
      400,
      'invalid_field',
      '/filter/notReceived',
    )
    dispatcher.run()
    // Its messages are made for the same clients.
    await eventually(async () => (await find(second.id)).materialised)
    const { rows } = await sql<{ phone: number }>`
      select c.phone from message m join client c on c.id = m.client_id where m.mailing_id = ${second.id}
      order by 1`.execute(dispatcher.database.kysely)
    expect(rows.map(({ phone }) => phone - 79160000100)).toEqual([2, 4, 5])
  })
})
