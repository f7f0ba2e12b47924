import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

const CLIENTS = '/api/v1/clients'

let dispatcher: TestDispatcher

beforeAll(async () => {
  dispatcher = await startDispatcher({
    env: { CLIENT_IMPORT_BATCH_ROWS: '3', CLIENT_IMPORT_KEPT_LINES: '20', PAGE_MAX_BYTES: '65536' },
  })
})
afterAll(() => dispatcher.stop())
const clear = () =>
  sql`truncate client, suppression, audit_log, client_import, client_import_error`.execute(
    dispatcher.database.kysely,
  )
beforeEach(clear)

const send = async (payload: string, query = '?timeZone=UTC', type = 'text/csv') => {
  const headers = { 'content-type': type }
  const answer = await dispatcher.inject({
    method: 'POST',
    url: `${CLIENTS}/import${query}`,
    headers,
    payload,
  })
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)])
  return answer.json<{ id: number; rejected: number; created: number; updated: number; unchanged: number }>()
}

/** Clients without their ids and times of writing. */
async function clients(): Promise<object[]> {
  const { items } = (await dispatcher.get(`${CLIENTS}?limit=1000`)).json<{
    items: Record<string, unknown>[]
  }>()
  return items
    .map(({ id: _, createdAt: _1, updatedAt: _2, optedOutAt: _3, ...client }) => client)
    .sort((a, b) => Number(a['phone']) - Number(b['phone']))
}

const lines = (body: string) => body.replace('\ufeff', '').trimEnd().split('\r\n')

describe('an export of clients', () => {
  const ROWS = [
    {
      phone: '79160000001',
      tag: '=1+1',
      timeZone: 'Europe/Kyiv',
      attributes: { name: "'=Ann", city: 'Омск; "N"' },
    },
    { phone: '79160000002', optedOut: true, attributes: { name: ' spaced ', note: 'a;=b\n+c', empty: '' } },
    { phone: '+4915112345678', operatorCode: 'x-1', tag: "'s-Hertogenbosch" },
    {
      phone: '79160000003',
      attributes: {
        name: 5,
        list: [1, 'x;=1', null],
        deep: { a: '\ufffd' },
        mobile: '79',
        optd_out: 'no',
        long: '-5',
      },
    },
    { phone: '79160000005', email: 'ann@example.com', webhookUrl: 'https://hooks.example/a,b' },
    { phone: '79160000004', attributes: { ' ': 'x', 'a,b': 'c', __proto__x: 'y' } },
  ].map((row) => ({ timeZone: 'UTC', ...row }))

  it.each(['csv', 'ndjson'])('as %s is imported as the same clients', async (format) => {
    for (const row of ROWS) expect((await dispatcher.post(CLIENTS, row)).statusCode).toBe(201)
    const before = await clients()
    const file = await dispatcher.get(`${CLIENTS}/export?format=${format}`)
    expect(file.statusCode).toBe(200)
    expect(file.headers['content-disposition']).toBe(`attachment; filename="clients.${format}"`)
    const type = String(file.headers['content-type'])
    expect(await send(file.body, '', type)).toMatchObject({ rejected: 0, created: 0, updated: 0 })
    await clear()
    expect(await send(file.body, '', type)).toMatchObject({ rejected: 0, created: ROWS.length })
    expect(await clients()).toEqual(before)
  })

  it('has no cell that a spreadsheet would run', async () => {
    for (const row of ROWS) await dispatcher.post(CLIENTS, row)
    const { body } = await dispatcher.get(`${CLIENTS}/export`)
    expect(lines(body)[0]).toMatch(
      /^phone,operatorCode,tag,timeZone,email,webhookUrl,optedOut,__proto__x,"a,b",city,/,
    )
    expect(body).toMatch("'+79160000001,916,'=1+1,Europe/Kyiv,,,false")
    expect(body).not.toMatch(/(^|[,;\t\n"])[\s]*[=+@-]/m)
  })

  it('has the clients of a filter, and of all pages', async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => `7916${String(i).padStart(7, '0')},t${i % 2}\n`)
    await send(`phone,tag\n${rows.join('')}`)
    expect(lines((await dispatcher.get(`${CLIENTS}/export`)).body)).toHaveLength(2501)
    const half = lines((await dispatcher.get(`${CLIENTS}/export?tag=t1&optedOut=false`)).body)
    expect(half).toHaveLength(1251)
    expect((await dispatcher.get(`${CLIENTS}/export?format=xlsx`)).statusCode).toBe(400)
  })
})

describe('the refused lines of an import', () => {
  const refused = (id: number) => dispatcher.get(`${CLIENTS}/imports/${id}/refused`)

  it('are a file with what is wrong, which is mended and sent again', async () => {
    const { id } = await send(
      'sep=;\r\nphone;tag;name\r\n79160000001;ok;A\r\n7916;vip;"Ann ""A"""\r\n7,9E+10;=x;Bob\r\n1;"two\nlines";C\r\n"2;x;D\r\n',
    )
    const file = await refused(id)
    expect(file.headers['content-disposition']).toMatch(`import-${id}-refused.csv`)
    expect(lines(file.body)).toEqual([
      'importLine,importError,phone,tag,name',
      expect.stringMatching(/^4,.*not valid.*,7916,vip,"Ann ""A"""$/),
      expect.stringMatching(/^5,.*scientific notation.*,"7,9E\+10",'=x,Bob$/),
      expect.stringMatching(/^6,.*,1,"two\nlines",C$/),
      expect.stringMatching(/^8,.*never closed.*,"""2;x;D"$/),
    ])
    const mended = file.body
      .replace(',7916,', ',79160000002,')
      .replace('"7,9E+10"', '79160000003')
      .replace(',1,"two', ',79160000004,"two')
      .replace('"""2;x;D"', '79160000005,x,D')
    expect(await send(mended)).toMatchObject({ created: 4, rejected: 0 })
    expect(await clients()).toMatchObject([
      { phone: '79160000001' },
      { phone: '79160000002', tag: 'vip', attributes: { name: 'Ann "A"' } },
      { phone: '79160000003', tag: '=x' },
      { phone: '79160000004', tag: 'two\nlines' },
      { phone: '79160000005', tag: 'x', attributes: { name: 'D' } },
    ])
  })

  it('have those that the database refused, and keep NUL and halves of characters from it', async () => {
    const { id } = await send('phone,tag\n79160000001,x\n79160000002,a\0b\n', '')
    expect(lines((await refused(id)).body).slice(1)).toEqual([
      expect.stringMatching(/^2,A new client needs a time zone,79160000001,x$/),
      expect.stringMatching(/^3,.*NUL.*,79160000002,a\ufffdb$/),
    ])
  })

  it('of NDJSON are NDJSON with what is wrong among the members', async () => {
    const { id } = await send(
      '{"phone":"1","attributes":{"n":1.50}}\n{"phone":\n',
      '',
      'application/x-ndjson',
    )
    const { body, headers } = await refused(id)
    expect(headers['content-type']).toMatch('ndjson')
    const [first, second] = body.trimEnd().split('\n')
    expect(first).toMatch(
      /^\{"importLine":1,"importError":".*not valid.*","phone":"1","attributes":\{"n":1\.50\}\}$/,
    )
    expect(JSON.parse(second!)).toEqual({
      importLine: 2,
      importError: expect.any(String),
      content: '{"phone":',
    })
    expect(
      await send(first!.replace('"1"', '"79160000001"'), '?timeZone=UTC', 'application/x-ndjson'),
    ).toMatchObject({
      created: 1,
    })
  })

  it('are kept up to a number, and counted all; those of no import are not found', async () => {
    const { id, rejected } = await send(
      ['phone', ...Array.from({ length: 50 }, (_, i) => `x${i}`)].join('\n'),
    )
    expect(rejected).toBe(50)
    expect(lines((await refused(id)).body)).toHaveLength(21)
    expect((await refused(999_999)).statusCode).toBe(404)
  })
})

it('an export of the suppression list is imported as the same list', async () => {
  for (const phone of ['79160000001', '79160000002'])
    await dispatcher.post('/api/v1/suppressions', {
      phone,
      reason: '=1;-2',
      optedOutAt: '2026-01-02T03:04:05Z',
    })
  const file = await dispatcher.get('/api/v1/suppressions/export')
  expect(lines(file.body)[1]).toMatch(`'+79160000001,"'=1;'-2",2026-01-02T03:04:05.000Z,api,`)
  await clear()
  const answer = await dispatcher.inject({
    method: 'POST',
    url: '/api/v1/suppressions/import',
    headers: { 'content-type': 'text/csv' },
    payload: file.body,
  })
  expect(answer.json()).toMatchObject({ rows: 2, added: 2, rejected: 0 })
  expect((await dispatcher.get('/api/v1/suppressions')).json()).toMatchObject({
    items: [
      { phone: '79160000001', reason: '=1;-2', optedOutAt: '2026-01-02T03:04:05.000Z' },
      { phone: '79160000002' },
    ],
  })
})
