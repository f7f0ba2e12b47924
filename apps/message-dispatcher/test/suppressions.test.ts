import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

const URL = '/api/v1/suppressions'
const CLIENTS = '/api/v1/clients'
const ANN = { phone: '79161234567', timeZone: 'Europe/Moscow' }

let dispatcher: TestDispatcher

beforeAll(async () => {
  dispatcher = await startDispatcher({ env: { CLIENT_IMPORT_BATCH_ROWS: '3' } })
})
afterAll(() => dispatcher.stop())
beforeEach(() =>
  sql`truncate client, suppression, audit_log, client_import, client_import_error`.execute(
    dispatcher.database.kysely,
  ),
)

const send = (url: string, payload: string | Buffer, type = 'text/csv') =>
  dispatcher.inject({ method: 'POST', url, headers: { 'content-type': type }, payload })
const phones = async (query = '') =>
  (await dispatcher.get(`${URL}${query}`))
    .json<{ items: { phone: string }[] }>()
    .items.map(({ phone }) => phone)

describe('the suppression list', () => {
  it('takes a phone once, shows it, and gives it up', async () => {
    const body = { phone: '+7 (916) 123-45-67', reason: 'by letter', optedOutAt: '2026-01-02T03:04:05Z' }
    const added = await dispatcher.post(URL, body, { 'x-forwarded-user': 'ann' })
    expect(added.statusCode).toBe(201)
    const entry = {
      ...{ phone: '79161234567', reason: 'by letter', source: 'api', actor: 'ann', clientId: null },
      ...{ channel: 'gateway', address: '79161234567', mailingId: null },
      ...{ optedOutAt: '2026-01-02T03:04:05.000Z', addedAt: expect.stringMatching(/Z$/) },
    }
    expect(added.json()).toEqual(entry)
    const again = await dispatcher.post(URL, { phone: '79161234567', reason: 'x' })
    expect([again.statusCode, again.json()]).toEqual([200, entry])
    expect((await dispatcher.get(`${URL}/79161234567`)).json()).toEqual(entry)
    expect(await phones('?phone=%2B79161234567')).toEqual(['79161234567'])
    expect((await dispatcher.delete(`${URL}/79161234567`)).statusCode).toBe(204)
    for (const answer of [
      await dispatcher.delete(`${URL}/79161234567`),
      await dispatcher.get(`${URL}/79161234567`),
    ])
      expect([answer.statusCode, answer.json()]).toEqual([
        404,
        expect.objectContaining({ code: 'not_found' }),
      ])
    expect(await phones()).toEqual([])
  })

  it('is listed page by page', async () => {
    for (let i = 0; i < 5; i++) await dispatcher.post(URL, { phone: `7916000000${i}` })
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const answer = await dispatcher.get(`${URL}?limit=2${cursor && `&cursor=${cursor}`}`)
      const page: { items: { phone: string }[]; nextCursor: string | null } = answer.json()
      seen.push(...page.items.map(({ phone }) => phone))
      cursor = page.nextCursor
    }
    expect(seen).toEqual([0, 1, 2, 3, 4].map((i) => `7916000000${i}`))
  })

  it.each([
    [{}, 'missing_field'],
    [{ phone: '1' }, 'invalid_field'],
    [{ phone: '79161234567', reason: 'x'.repeat(201) }, 'text_too_long'],
    [{ phone: '79161234567', optedOutAt: 'yesterday' }, 'invalid_field'],
    [{ phone: '79161234567', until: '2026-01-01' }, 'invalid_field'],
  ])('refuses %j', async (body, code) => {
    const answer = await dispatcher.post(URL, body)
    expect([answer.statusCode, answer.json()]).toEqual([400, expect.objectContaining({ code })])
  })

  it('is not left by deletion, creation, change or import of a client', async () => {
    const { id } = (await dispatcher.post(CLIENTS, ANN)).json<{ id: number }>()
    await dispatcher.patch(`${CLIENTS}/${id}`, { optedOut: true })
    await dispatcher.delete(`${CLIENTS}/${id}`)
    const again = (await dispatcher.post(CLIENTS, { ...ANN, optedOut: false })).json<{ id: number }>()
    expect(again).toMatchObject({ optedOut: true, optedOutAt: expect.stringMatching(/Z$/) })
    const patched = await dispatcher.patch(`${CLIENTS}/${again.id}`, { optedOut: false })
    expect([patched.statusCode, patched.json()]).toEqual([409, expect.objectContaining({ code: 'conflict' })])
    await send(`${CLIENTS}/import`, 'phone,optedOut,tag\n79161234567,no,vip')
    expect((await dispatcher.get(`${CLIENTS}/${again.id}`)).json()).toMatchObject({
      optedOut: true,
      tag: 'vip',
    })
    expect((await dispatcher.delete(`${URL}/79161234567`)).statusCode).toBe(204)
    expect((await dispatcher.get(`${CLIENTS}/${again.id}`)).json()).toMatchObject({ optedOut: false })
  })

  it('keeps the opt-out of one line of a file against other lines of the same phone', async () => {
    await send(`${CLIENTS}/import?timeZone=UTC`, 'phone,unsubscribed\n79161234567,yes\n79161234567,no')
    expect(await phones()).toEqual(['79161234567'])
  })

  it('takes lists as people have them, with reasons and times, and says what is wrong with a line', async () => {
    await dispatcher.post(URL, { phone: '79160000003' })
    const file = [
      'Mobile;Reason;Date;Name',
      '8 916 000-00-01;bounced;01.02.2026;Ann',
      '8 916 000-00-02;;2026-02-03T04:05:06Z;',
      '8 916 000-00-03;x;;',
      '7,9161E+10;x;;',
      '8 916 000-00-04;x;31.31.2026;',
      '8 916 000-00-02;x;;',
      ';;;',
    ].join('\r\n')
    const answer = await send(`${URL}/import?country=RU`, file)
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        ...{ rows: 6, added: 2, unchanged: 2, rejected: 2 },
        errors: [
          expect.objectContaining({ line: 5, message: expect.stringMatching('scientific') }),
          expect.objectContaining({ line: 6, code: 'invalid_field' }),
        ],
      },
    ])
    const { items } = (await dispatcher.get(URL)).json<{ items: unknown[] }>()
    expect(items).toMatchObject([
      {
        phone: '79160000001',
        reason: 'bounced',
        source: 'list_import',
        optedOutAt: '2026-02-01T00:00:00.000Z',
      },
      { phone: '79160000002', reason: 'opted_out', optedOutAt: '2026-02-03T04:05:06.000Z' },
      { phone: '79160000003', source: 'api' },
    ])
    const ndjson = '{"phone":79160000005,"reason":"r","optedOutAt":"2026-01-01T00:00:00Z"}\n{"phone":"x"}'
    const second = await send(`${URL}/import`, ndjson, 'application/x-ndjson')
    expect(second.json()).toMatchObject({ added: 1, rejected: 1, errors: [{ line: 2, field: '/phone' }] })
    const refused = await send(`${URL}/import`, 'phone,reason\n')
    expect([refused.statusCode, refused.json()]).toMatchObject([400, { code: 'missing_field' }])
  })
})

describe('suppressed addresses of a channel', () => {
  const LIST = '/api/v1/suppressions'
  const listed = async (query: string) =>
    (await dispatcher.get(`${LIST}?${query}`)).json<{
      items: { address: string }[]
      nextCursor: string | null
    }>()
  const addresses = async (query: string) => (await listed(query)).items.map(({ address }) => address)
  beforeEach(() => sql`truncate suppressed_address`.execute(dispatcher.database.kysely))

  it('are added, found in any case of letters, listed apart from phones and removed', async () => {
    const email = { channel: 'email', address: 'Ann@Example.com', reason: 'asked for it' }
    const added = await dispatcher.post(LIST, email)
    expect([added.statusCode, added.json()]).toEqual([
      201,
      {
        ...{ channel: 'email', address: 'ann@example.com', phone: null, reason: 'asked for it' },
        ...{ source: 'api', actor: expect.any(String), mailingId: null, clientId: null },
        ...{ optedOutAt: expect.any(String), addedAt: expect.any(String) },
      },
    ])
    expect((await dispatcher.post(LIST, email)).statusCode).toBe(200)
    await dispatcher.post(LIST, { phone: '79160000001' })
    expect(await addresses('channel=email')).toEqual(['ann@example.com'])
    expect(await addresses('channel=email&address=ANN@example.com')).toEqual(['ann@example.com'])
    expect(await addresses('channel=webhook')).toEqual([])
    expect(await addresses('')).toEqual(['79160000001'])
    const one = `${LIST}/${encodeURIComponent('Ann@example.com')}?channel=email`
    expect((await dispatcher.get(one)).json()).toMatchObject({ address: 'ann@example.com' })
    expect((await dispatcher.delete(one)).statusCode).toBe(204)
    expect((await dispatcher.delete(one)).statusCode).toBe(404)
    expect((await dispatcher.get(one)).statusCode).toBe(404)
  })

  it('come in pages that hold each once', async () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@example.com`)
    for (const address of all) await dispatcher.post(LIST, { channel: 'email', address })
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await listed(`channel=email&limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.items.map(({ address }) => address))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(all)
  })

  it('are refused where they are no addresses of their channel', async () => {
    for (const [body, field] of [
      [{ channel: 'email', address: 'ann' }, '/address'],
      [{ channel: 'email', phone: '79160000001' }, '/phone'],
      [{ channel: 'webhook' }, '/address'],
      [{ address: 'ann@example.com' }, '/address'],
      [{}, '/phone'],
    ] as const) {
      const answer = await dispatcher.post(LIST, body)
      expect([answer.statusCode, answer.json<{ field: string }>().field]).toEqual([400, field])
    }
  })

  it.each([
    ['email', 'E-mail', 'x@example.com', 'nobody'],
    ['webhook', 'webhook', 'https://hooks.example/x', 'ftp://hooks.example'],
  ])(
    'of %s are imported from a file, and exported as one that is imported',
    async (channel, column, good, bad) => {
      const send = (payload: string) =>
        dispatcher.inject({
          ...{ method: 'POST', url: `${LIST}/import?channel=${channel}`, payload },
          headers: { 'content-type': 'text/csv' },
        })
      const report = await send(`${column},reason\n${good},left\n${bad},\n${good},again\n`)
      expect(report.json()).toMatchObject({ rows: 3, added: 1, unchanged: 1, rejected: 1 })
      const file = await dispatcher.get(`${LIST}/export?channel=${channel}`)
      await sql`truncate suppressed_address`.execute(dispatcher.database.kysely)
      expect((await send(file.body)).json()).toMatchObject({ rows: 1, added: 1, rejected: 0 })
      expect((await listed(`channel=${channel}`)).items).toMatchObject([{ address: good, reason: 'left' }])
      expect((await send('phone\n79160000001\n')).json()).toMatchObject({ code: 'missing_field' })
    },
  )

  it('of webhooks differ where the case of their paths does, also in one file', async () => {
    const answer = await dispatcher.inject({
      ...{ method: 'POST', url: `${LIST}/import?channel=webhook`, headers: { 'content-type': 'text/csv' } },
      payload: 'webhookUrl\nhttps://hooks.example/A\nhttps://hooks.example/a\nhttps://HOOKS.example/a\n',
    })
    expect(answer.json()).toMatchObject({ rows: 3, added: 2, unchanged: 1 })
    const { items } = await listed('channel=webhook')
    expect(items).toMatchObject([
      { address: 'https://hooks.example/A' },
      { address: 'https://hooks.example/a' },
    ])
  })
})
