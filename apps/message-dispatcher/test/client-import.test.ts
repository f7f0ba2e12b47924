import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { gzipSync } from 'node:zlib'
import { startDispatcher, type Answer, type TestDispatcher } from './start-dispatcher.ts'

const URL = '/api/v1/clients/import'
const ZONE = '?timeZone=Europe/Moscow'

let dispatcher: TestDispatcher

beforeAll(async () => {
  dispatcher = await startDispatcher({
    env: {
      CLIENT_IMPORT_MAX_BYTES: '20000',
      CLIENT_IMPORT_MAX_ROW_BYTES: '8000',
      CLIENT_IMPORT_BATCH_ROWS: '3',
      PAGE_MAX_BYTES: '16384',
    },
  })
})
afterAll(() => dispatcher.stop())
beforeEach(() =>
  sql`truncate client, suppression, audit_log, client_import, client_import_error`.execute(
    dispatcher.database.kysely,
  ),
)

const send = (payload: string | Buffer, query = '', headers: Record<string, string> = {}) =>
  dispatcher.inject({
    method: 'POST',
    url: URL + query,
    headers: { 'content-type': 'text/csv', ...headers },
    payload,
  })
const sendNdjson = (...rows: unknown[]) =>
  send(rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'), ZONE, {
    'content-type': 'application/x-ndjson',
  })

/** Letters as windows-1251 has them. */
function toWindows1251(letter: string): number {
  const code = letter.charCodeAt(0)
  return code < 0x80 ? code : code - 0x410 + 0xc0
}

interface Client {
  readonly phone: string
  readonly [member: string]: unknown
}

async function clients(): Promise<Client[]> {
  const { items } = (await dispatcher.get('/api/v1/clients?limit=1000')).json<{ items: Client[] }>()
  return items.sort((a, b) => Number(a.phone) - Number(b.phone))
}

function report(answer: Answer): Record<string, unknown> & { id: number; errors: Record<string, unknown>[] } {
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)])
  return answer.json()
}

describe('an import', () => {
  it('stores the good lines of a CSV, and lists the bad ones with their errors', async () => {
    const csv = [
      '\ufeffPhone;time_zone;Operator Code;tag;opted_out;name;city',
      '79160000001;Europe/Moscow;;vip;;"Ann ""A""; from\nOmsk";',
      '89160000002;Europe/Moscow;;;;Bob;',
      '79160000003;+03:00;;;;;',
      '',
      '79160000004;asia/omsk;mts;;yes;;Omsk',
      '79160000005;Europe/Moscow',
      '79160000006;Europe/Moscow;;;maybe;;',
      '79160000007;Europe/Moscow;;a\0b;;;',
      `79160000008;Europe/Moscow;;;;${'x'.repeat(5000)};`,
      `79160000009;Europe/Moscow;;${'x'.repeat(600)};;;`,
      `79160000010;Europe/Moscow;;;;${'x'.repeat(9000)};`,
      '+79160000011;Europe/Moscow;;;0;Last;;;',
    ].join('\r\n')
    const answer = report(await send(csv))
    expect(answer).toMatchObject({
      status: 'completed',
      rows: 11,
      created: 4,
      updated: 0,
      unchanged: 0,
      rejected: 7,
    })
    expect(answer.errors.map(({ line, field, code }) => [line, field, code])).toEqual([
      [4, 'Phone', 'invalid_field'],
      [5, 'time_zone', 'invalid_field'],
      [9, 'opted_out', 'invalid_field'],
      [10, 'tag', 'nul_character'],
      [11, 'attributes', 'invalid_field'],
      [12, 'tag', 'text_too_long'],
      [13, null, 'bad_request'],
    ])
    expect(answer.errors[1]!['message']).toMatch('Europe/Moscow')
    expect(await clients()).toMatchObject([
      {
        phone: '79160000001',
        operatorCode: '916',
        tag: 'vip',
        attributes: { name: 'Ann "A"; from\nOmsk' },
      },
      {
        phone: '79160000004',
        operatorCode: 'mts',
        timeZone: 'Asia/Omsk',
        optedOut: true,
        attributes: { city: 'Omsk' },
      },
      { phone: '79160000005', operatorCode: '916', tag: '', attributes: {} },
      { phone: '79160000011', optedOut: false, attributes: { name: 'Last' } },
    ])
  })

  it('stores the good lines of NDJSON, and lists the bad ones with their errors', async () => {
    const answer = report(
      await sendNdjson(
        { phone: '79160000001', attributes: { n: 1, gone: null } },
        '{"phone":',
        '',
        { phone: 7916000000.2 },
        { phone: '79160000003', opteduot: true },
        '[]',
        { phone: '79160000004', attributes: { a: '\ud800' } },
        '{"phone":"79160000005","attributes":{"n":1e401}}',
        { tag: 'x' },
        { phone: '79160000006', timeZone: 'UTC' },
      ),
    )
    expect(answer.errors.map(({ line, field, code }) => [line, field, code])).toEqual([
      [2, null, 'bad_json'],
      [4, '/phone', 'invalid_field'],
      [5, '', 'invalid_field'],
      [6, '', 'invalid_field'],
      [7, '/attributes/a', 'lone_surrogate'],
      [8, '/attributes/n', 'number_out_of_range'],
      [9, '/phone', 'missing_field'],
    ])
    expect(await clients()).toMatchObject([
      { phone: '79160000001', timeZone: 'Europe/Moscow', attributes: { n: 1 } },
      { phone: '79160000006', timeZone: 'UTC' },
    ])
  })

  it('refuses lines that are not UTF-8, and stores the others', async () => {
    const csv = Buffer.concat([
      Buffer.from('phone,tag\n79160000001,'),
      Buffer.from([0xcf, 0xf0]),
      Buffer.from('\n79160000002,тег\n'),
    ])
    const answer = report(await send(csv, ZONE))
    expect(answer).toMatchObject({ created: 1, errors: [{ line: 2, code: 'bad_encoding' }] })
    expect(await clients()).toMatchObject([{ phone: '79160000002', tag: 'тег' }])
  })

  it('takes what people have: another encoding, other names, phones of their country; and says as what it read them', async () => {
    const text = 'Номер;Пояс;Город;Заметки\r\n8 (916) 000-00-01;Europe/Kyiv;Омск;x\r\n;;;\r\n'
    const bytes = Buffer.from(Array.from(text, toWindows1251))
    const columns = ['phone:Номер', 'timeZone:Пояс', 'ignored:Заметки'].map(
      (one) => `column=${encodeURIComponent(one)}`,
    )
    const answer = report(
      await send(bytes, `?country=ru&${columns.join('&')}`, { 'content-type': 'text/plain' }),
    )
    expect(answer).toMatchObject({
      rows: 1,
      created: 1,
      charset: 'windows-1251',
      columns: [
        { name: 'Номер', member: 'phone' },
        { name: 'Пояс', member: 'timeZone' },
        { name: 'Город', member: 'attributes.Город' },
        { name: 'Заметки', member: 'ignored' },
      ],
    })
    expect(await clients()).toMatchObject([
      { phone: '79160000001', timeZone: 'Europe/Kyiv', attributes: { Город: 'Омск' } },
    ])
  })

  it('takes a file from a form', async () => {
    const payload = [
      '--edge',
      'Content-Disposition: form-data; name="file"; filename="clients.csv"',
      'Content-Type: application/vnd.ms-excel',
      '',
      'phone,tag\n79160000001,vip',
      '--edge--',
      '',
    ].join('\r\n')
    const answer = report(await send(payload, ZONE, { 'content-type': 'multipart/form-data; boundary=edge' }))
    expect(answer).toMatchObject({ created: 1, charset: null })
    expect(await clients()).toMatchObject([{ phone: '79160000001', tag: 'vip' }])
    const list = await dispatcher.get('/api/v1/clients/imports')
    expect(list.json()).toMatchObject({ items: [{ name: 'clients.csv' }] })
  })

  it('changes nothing by a column that is left out, and clears by an empty one', async () => {
    await send('phone,operatorCode,tag,optedOut,name,city\n79160000001,mts,vip,true,Ann,Omsk', ZONE)
    const [before] = await clients()
    expect(report(await send('phone\n79160000001', ZONE))).toMatchObject({ unchanged: 1 })
    expect(await clients()).toEqual([before])
    const emptied = report(await send('phone,operator_code,tag,timeZone,optedOut,name\n79160000001,,,,,'))
    expect(emptied).toMatchObject({ updated: 1 })
    expect(await clients()).toMatchObject([
      {
        operatorCode: '916',
        tag: '',
        timeZone: 'Europe/Moscow',
        optedOut: true,
        attributes: { city: 'Omsk' },
      },
    ])
    expect((await clients())[0]!['attributes']).toEqual({ city: 'Omsk' })
  })

  it('lets the last line of a phone number win, and keeps what it leaves out', async () => {
    const answer = report(
      await sendNdjson(
        { phone: '79160000001', tag: 'a', attributes: { x: 1, y: 1 } },
        { phone: '+79160000001', operatorCode: 'mts', attributes: { x: null, z: 1 } },
        { phone: '79160000001', tag: 'b' },
        { phone: '79160000001', attributes: { y: 2 } },
      ),
    )
    expect(answer).toMatchObject({ rows: 4, created: 1, updated: 3 })
    expect(await clients()).toMatchObject([{ tag: 'b', operatorCode: 'mts' }])
    expect((await clients())[0]!['attributes']).toEqual({ y: 2, z: 1 })
  })

  it('requires a time zone of new clients only', async () => {
    await send('phone\n79160000001', ZONE)
    const answer = report(await send('phone,tag\n79160000001,x\n79160000002,x'))
    expect(answer).toMatchObject({
      updated: 1,
      errors: [{ line: 3, field: 'timeZone', code: 'missing_field' }],
    })
  })

  it('sent twice changes nothing the second time', async () => {
    const csv = 'phone,tag\n' + Array.from({ length: 10 }, (_, i) => `7916000000${i},t`).join('\n')
    expect(report(await send(csv, ZONE))).toMatchObject({ created: 10 })
    expect(report(await send(csv, ZONE))).toMatchObject({ created: 0, unchanged: 10 })
  })

  it('may be compressed', async () => {
    const packed = gzipSync('phone\n79160000001\n79160000002')
    expect(report(await send(packed, ZONE, { 'content-encoding': 'gzip' }))).toMatchObject({ created: 2 })
  })

  it('shows its user, its state, and its errors in pages that end early by their bytes', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => `x${i}`)
    const sent = report(
      await send(['phone', ...rows].join('\n'), `${ZONE}&name=${encodeURIComponent('клиенты.csv')}`, {
        'x-forwarded-user': 'ann',
      }),
    )
    expect(sent.errors).toHaveLength(100)
    const stored = {
      id: sent.id,
      status: 'completed',
      format: 'csv',
      actor: 'ann',
      rows: 400,
      rejected: 400,
      name: 'клиенты.csv',
      reason: null,
      message: null,
    }
    const list = await dispatcher.get('/api/v1/clients/imports')
    expect(list.json()).toMatchObject({ items: [stored], nextCursor: null })
    const lines: number[] = []
    const sizes: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query = `?limit=400${cursor && `&cursor=${cursor}`}`
      const answer = await dispatcher.get(`/api/v1/clients/imports/${sent.id}${query}`)
      const page: { errors: { items: { line: number }[]; nextCursor: string | null } } = answer.json()
      expect(page).toMatchObject(stored)
      sizes.push(JSON.stringify(page.errors.items).length)
      lines.push(...page.errors.items.map(({ line }) => line))
      cursor = page.errors.nextCursor
    }
    expect(lines).toEqual(rows.map((_, i) => i + 2))
    expect(sizes.length).toBeGreaterThan(3)
    expect(Math.max(...sizes)).toBeLessThan(20_000)
    expect((await dispatcher.get('/api/v1/clients/imports/999999')).statusCode).toBe(404)
  })
})

describe('a file that is refused as a whole', () => {
  it('is in the list, by its name and with the reason in words', async () => {
    await send('phone,optd_out\n79160000001,yes', `${ZONE}&name=a.csv`)
    expect((await dispatcher.get('/api/v1/clients/imports')).json()).toMatchObject({
      items: [
        {
          ...{ name: 'a.csv', status: 'aborted', reason: 'invalid_field' },
          message: expect.stringMatching(/optd_out.*Did you mean optedOut\? Expected: another name/),
        },
      ],
    })
  })

  const big = `phone,name\n${'79160000001,x\n'.repeat(2000)}`
  it.each([
    ['an empty one', '', {}, 400, 'missing_field'],
    ['a header without phones', 'name,tag\na,b', {}, 400, 'missing_field'],
    ['a column that comes twice', 'phone,tag,Tag\n', {}, 400, 'invalid_field'],
    ['a header alone', 'phone,tag\n', {}, 400, 'missing_field'],
    ['too large a one', big, {}, 413, 'body_too_large'],
    ['one that inflates to too much', gzipSync(big), { 'content-encoding': 'gzip' }, 413, 'body_too_large'],
    ['one that is not gzip', 'phone\n1', { 'content-encoding': 'gzip' }, 400, 'bad_encoding'],
    [
      'half of a gzip',
      gzipSync('phone\n1').subarray(0, 20),
      { 'content-encoding': 'gzip' },
      400,
      'bad_encoding',
    ],
    ['an xlsx', Buffer.from('PK\u0003\u0004....'), {}, 415, 'unsupported_media_type'],
    ['an unknown encoding', 'phone\n1', { 'content-encoding': 'br' }, 415, 'unsupported_encoding'],
    ['another type', '[]', { 'content-type': 'application/json' }, 415, 'unsupported_media_type'],
    ['another charset', 'phone', { 'content-type': 'text/csv; charset=klingon' }, 400, 'invalid_field'],
  ])('%s is refused', async (_, payload, headers, status, code) => {
    const answer = await send(payload, ZONE, headers)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(answer.json()).toMatchObject({ status, code })
    expect(answer.statusCode).toBe(status)
  })

  it('keeps what was stored before, and is shown as aborted', async () => {
    const packed = gzipSync(
      `phone,name\n${Array.from({ length: 2000 }, (_, i) => `7916000${String(i).padStart(4, '0')},${'x'.repeat(i % 9)}`).join('\n')}`,
    )
    const answer = await send(packed, ZONE, { 'content-encoding': 'gzip' })
    expect(answer.json()).toMatchObject({
      code: 'body_too_large',
      import: { status: 'aborted', rejected: 0 },
    })
    const { id, rows } = answer.json<{ import: { id: number; rows: number } }>().import
    expect((await clients()).length).toBe(Math.min(rows, 1000))
    expect((await dispatcher.get(`/api/v1/clients/imports/${id}`)).json()).toMatchObject({
      status: 'aborted',
      reason: 'body_too_large',
      message: expect.stringMatching(/too large|larger|at most/),
      rows,
    })
  })
})

describe('addresses in a file', () => {
  it.each(['email', 'E-mail', 'mail', 'Email_Address', 'Электронная почта'])(
    'are read from a column named %s',
    async (name) => {
      const answer = await send(
        `phone,${name},Webhook\n79160000001,Ann@Example.com,https://hooks.example\n`,
        ZONE,
      )
      expect(report(answer)).toMatchObject({ created: 1 })
      expect(await clients()).toMatchObject([
        { email: 'Ann@example.com', webhookUrl: 'https://hooks.example/', attributes: {} },
      ])
    },
  )

  it('change what is given, are removed by an empty cell or null, and stay where they are left out', async () => {
    await send('phone,email,webhook\n79160000001,a@example.com,https://a.example\n', ZONE)
    report(await sendNdjson({ phone: '79160000001', email: 'b@example.com' }))
    expect(await clients()).toMatchObject([{ email: 'b@example.com', webhookUrl: 'https://a.example/' }])
    report(await send('phone,email\n79160000001,\n', ZONE))
    expect(await clients()).toMatchObject([{ email: null, webhookUrl: 'https://a.example/' }])
    report(await sendNdjson({ phone: '79160000001', mail: 'c@example.com', webhook: null }))
    expect(await clients()).toMatchObject([{ email: 'c@example.com', webhookUrl: null }])
    expect(report(await sendNdjson({ phone: '79160000001', email: 'c@example.com' }))).toMatchObject({
      unchanged: 1,
    })
  })

  it('cost their own line where they are wrong, unless the column is read as something else', async () => {
    const file = 'phone,email\n79160000001,none\n79160000002,a@example.com\n'
    const { errors, ...rest } = report(await send(file, ZONE))
    expect(rest).toMatchObject({ created: 1, rejected: 1 })
    expect(errors).toMatchObject([{ line: 2, field: 'email', code: 'invalid_field' }])
    expect(report(await send(file, `${ZONE}&column=attributes.email:email`))).toMatchObject({ created: 1 })
  })
})
