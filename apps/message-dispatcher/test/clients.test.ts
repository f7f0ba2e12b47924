import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { startDispatcher, type Answer, type TestDispatcher } from './start-dispatcher.ts'

const URL = '/api/v1/clients'
const ANN = { phone: '79161234567', timeZone: 'Europe/Moscow' }

let dispatcher: TestDispatcher

beforeAll(async () => {
  dispatcher = await startDispatcher()
})
afterAll(() => dispatcher.stop())
beforeEach(() => sql`truncate client, suppression, audit_log`.execute(dispatcher.database.kysely))

const create = async (members: object = {}, headers: Record<string, string> = {}) => {
  const answer = await dispatcher.post(URL, { ...ANN, ...members }, headers)
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)])
  return answer.json<{ id: number; [member: string]: unknown }>()
}

function expectProblem(answer: Answer, status: number, code: string, rest: object = {}): void {
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(answer.json()).toMatchObject({ status, code, ...rest })
  expect(answer.statusCode).toBe(status)
}

describe('the addresses of a client', () => {
  it('are stored in one form, changed and removed', async () => {
    const made = await create({ email: ' Ann.B@Example.COM', webhookUrl: 'HTTPS://hooks.example/a?b=1#c' })
    expect(made).toMatchObject({ email: 'Ann.B@example.com', webhookUrl: 'https://hooks.example/a?b=1' })
    const changed = await dispatcher.patch(`${URL}/${made.id}`, { email: null })
    expect(changed.json()).toMatchObject({ email: null, webhookUrl: 'https://hooks.example/a?b=1' })
    const untouched = await dispatcher.patch(`${URL}/${made.id}`, { tag: 'x' })
    expect(untouched.json()).toMatchObject({ webhookUrl: 'https://hooks.example/a?b=1' })
  })

  it('of e-mail have one form for all forms of their domain', async () => {
    const forms = ['ann@xn--mnchen-3ya.example', 'ann@MÜNCHEN.example', 'ann@mu\u0308nchen.exam\u200bple']
    for (const [n, email] of forms.entries())
      expect(await create({ phone: `7916000000${n}`, email })).toMatchObject({ email: 'ann@münchen.example' })
    expect(await create({ phone: '79160000009', email: 'jose\u0301@x_y.example' })).toMatchObject({
      email: 'jos\u00e9@x_y.example',
    })
  })

  it.each([
    ['email', 'ann'],
    ['email', 'ann@example.com, bob@example.com'],
    ['email', 'Ann <ann@example.com>'],
    ['email', `ann@${'x'.repeat(180)}.${'y'.repeat(80)}`],
    ['email', 'ann@exa\u0000mple.com'],
    // What would cut a domain of a URL, or be decoded in it: the e-mail would go to x.com, or to xa.com.
    ['email', 'ann@x.com/etc'],
    ['email', 'ann@x.com?cc=bob'],
    ['email', 'ann@x#y.com'],
    ['email', 'ann@x%61.com'],
    ['email', 'ann@example..com'],
    ['email', 'ann@.com'],
    ['email', 'ann@example.com.'],
    ['email', 'ann@-example.com'],
    ['email', 'ann@127.1'],
    ['email', `ann@${'x'.repeat(64)}.com`],
    ['email', 'ann\u200b@example.com'],
    ['webhookUrl', 'example.com'],
    ['webhookUrl', 'ftp://example.com/'],
    ['webhookUrl', 'https://ann:secret@example.com/'],
    ['webhookUrl', `https://example.com/${'я'.repeat(400)}`],
  ])('are refused as %s: %j', async (name, value) => {
    const answer = await dispatcher.post(URL, { ...ANN, [name]: value })
    const code = value.includes('\u0000') ? 'nul_character' : 'invalid_field'
    expectProblem(answer, 400, code, { field: `/${name}` })
  })

  it('choose the clients of a list', async () => {
    const [ann, bob] = [await create({ email: 'ann@example.com' }), await create({ phone: '79160000000' })]
    const ids = async (query: string) =>
      (await dispatcher.get(`${URL}?${query}`)).json<{ items: { id: number }[] }>().items.map(({ id }) => id)
    expect(await ids('email=ANN@example.com')).toEqual([ann.id])
    expect(await ids('channel=email')).toEqual([ann.id])
    expect(await ids('channel=webhook')).toEqual([])
    expect(await ids('')).toEqual([ann.id, bob.id])
  })
})

describe('a client', () => {
  it('is created with what was sent, found at its address, changed and removed', async () => {
    const made = await dispatcher.post(URL, {
      ...ANN,
      tag: 'постоянный',
      attributes: { name: 'Аня', gone: null, big: 1.5e300, list: [null] },
    })
    expect(made.statusCode).toBe(201)
    const client = made.json<{ id: number }>()
    expect(made.headers.location).toBe(`${URL}/${client.id}`)
    expect(client).toEqual({
      ...ANN,
      id: client.id,
      operatorCode: '916',
      tag: 'постоянный',
      email: null,
      webhookUrl: null,
      attributes: JSON.parse('{"name":"Аня","big":1.5e300,"list":[null]}'),
      optedOut: false,
      optedOutAt: null,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
    })
    expect((await dispatcher.get(`${URL}/${client.id}`)).json()).toEqual(client)
    const changed = await dispatcher.patch(`${URL}/${client.id}`, {
      optedOut: true,
      attributes: { name: null, city: 'Омск' },
    })
    expect(changed.json()).toMatchObject({
      optedOut: true,
      optedOutAt: expect.stringMatching(/Z$/),
      attributes: { city: 'Омск', big: 1.5e300, list: [null] },
    })
    const lifted = await dispatcher.patch(`${URL}/${client.id}`, { optedOut: false })
    expectProblem(lifted, 409, 'conflict', {
      field: '/optedOut',
      expected: expect.stringMatching('suppressions'),
    })
    const removed = await dispatcher.delete(`${URL}/${client.id}`)
    expect([removed.statusCode, removed.body]).toEqual([204, ''])
    for (const answer of [
      await dispatcher.get(`${URL}/${client.id}`),
      await dispatcher.delete(`${URL}/${client.id}`),
      await dispatcher.patch(`${URL}/${client.id}`, {}),
    ]) {
      expectProblem(answer, 404, 'not_found', { field: 'id' })
    }
  })

  it('keeps what a change does not name, at every depth', async () => {
    const address = { city: 'Омск', street: { name: 'Ленина', house: 1 } }
    const created = await dispatcher.post('/api/v1/clients', {
      ...{ phone: '79160000777', timeZone: 'UTC', attributes: { address, orders: [{ id: 1 }] } },
    })
    const { id } = created.json<{ id: number }>()
    const change = { address: { street: { house: 2, name: null }, flat: 3 }, orders: [] }
    const changed = await dispatcher.patch(`/api/v1/clients/${id}`, { attributes: change })
    expect(changed.json()).toMatchObject({ id })
    expect(changed.json<{ attributes: object }>().attributes).toEqual({
      ...{ address: { city: 'Омск', street: { house: 2 }, flat: 3 }, orders: [] },
    })
  })

  it('keeps attributes with every name', async () => {
    const payload = `{"phone":"79160000000","timeZone":"UTC","attributes":{"__proto__":{"a":1},"constructor":2,"\\n":3}}`
    const answer = await dispatcher.inject({
      method: 'POST',
      url: URL,
      headers: { 'content-type': 'application/json' },
      payload,
    })
    expect(answer.statusCode).toBe(201)
    expect(answer.body).toMatch('"__proto__":{"a":1}')
    expect(answer.body).toMatch('"\\n":3')
  })

  it('with the phone number of another client is refused with the id of that one', async () => {
    const { id } = await create()
    expectProblem(await dispatcher.post(URL, { ...ANN, phone: '+79161234567' }), 409, 'conflict', { id })
    const other = await create({ phone: '79160000000' })
    expectProblem(await dispatcher.patch(`${URL}/${other.id}`, { phone: ANN.phone }), 409, 'conflict', { id })
  })

  it.each([
    ['79161234567', '79161234567', '916'],
    ['+79161234567', '79161234567', '916'],
    ['+4915112345678', '4915112345678', '151'],
    ['14155552671', '14155552671', '415'],
    ['+77012345678', '77012345678', '701'],
  ])('with the phone %s has the number %s and the operator %s', async (phone, number, operatorCode) => {
    expect(await create({ phone })).toMatchObject({ phone: number, operatorCode })
  })

  it.each([
    '',
    '7916123456',
    '791612345678',
    '89161234567',
    '+0',
    '9161234567',
    '7916123456x',
    '7,9161E+10',
    '79161234567, 79161234568',
    '+7 916 123-45-67 ext. 1',
  ])('with the phone %j is refused with an example of a right one', async (phone) => {
    const answer = await dispatcher.post(URL, { ...ANN, phone })
    expectProblem(answer, 400, 'invalid_field', { field: '/phone' })
  })

  it.each(['+03:00', 'GMT+3', 'UTC+3', 'Mars/Olympus', ''])(
    'in the time zone %j is refused with the name of a right one',
    async (timeZone) => {
      const answer = await dispatcher.post(URL, { ...ANN, timeZone })
      expectProblem(answer, 400, 'invalid_field', { field: '/timeZone' })
      expect(answer.json<{ expected: string }>().expected).toMatch('Europe/Moscow')
    },
  )

  it.each([
    [{ optedout: true }, 'invalid_field'],
    [{ phone: 79161234567 }, 'invalid_field'],
    [{ tag: 'x'.repeat(513) }, 'text_too_long'],
    [{ tag: 'a\0' }, 'nul_character'],
    [{ tag: null }, 'invalid_field'],
    [{ operatorCode: '' }, 'invalid_field'],
    [{ optedOut: 'yes' }, 'invalid_field'],
    [{ attributes: [] }, 'invalid_field'],
    [{ attributes: { a: 'x'.repeat(5000) } }, 'invalid_field'],
    [{ attributes: { a: '\ud800' } }, 'lone_surrogate'],
    [{ timeZone: undefined }, 'missing_field'],
  ])('with %j is refused with %s, alone and as a change', async (members, code) => {
    expectProblem(await dispatcher.post(URL, { ...ANN, ...members }), 400, code)
    if (code === 'missing_field') return
    const { id } = await create()
    expectProblem(await dispatcher.patch(`${URL}/${id}`, members), 400, code)
  })

  it('gets the operator code of its new phone number, unless another one was set', async () => {
    const { id } = await create()
    const patch = async (change: object) => (await dispatcher.patch(`${URL}/${id}`, change)).json()
    expect(await patch({ phone: '79261234567' })).toMatchObject({ operatorCode: '926' })
    expect(await patch({ operatorCode: 'mts' })).toMatchObject({ operatorCode: 'mts' })
    expect(await patch({ phone: '79031234567' })).toMatchObject({ operatorCode: 'mts' })
    expect(await patch({ operatorCode: null })).toMatchObject({ operatorCode: '903' })
  })

  it('is in the audit log with each change and its user', async () => {
    const { id } = await create({}, { 'x-forwarded-user': 'ann' })
    await dispatcher.patch(`${URL}/${id}`, { tag: 'a' })
    const rows = await dispatcher.database.kysely
      .selectFrom('audit_log')
      .select(['actor', 'action', 'subject', 'subject_id', 'detail'])
      .orderBy('id')
      .execute()
    expect(rows).toMatchObject([
      { actor: 'ann', action: 'create', subject: 'client', subject_id: id },
      {
        actor: 'anonymous',
        action: 'edit',
        subject_id: id,
        detail: { before: { tag: '' }, after: { tag: 'a' } },
      },
    ])
  })
})

describe('a list of clients', () => {
  it('comes in pages that hold each client once', async () => {
    for (let i = 0; i < 7; i++) await create({ phone: `7916000000${i}` })
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const answer = await dispatcher.get(`${URL}?limit=3${cursor && `&cursor=${cursor}`}`)
      const page: { items: { phone: string }[]; nextCursor: string | null } = answer.json()
      seen.push(...page.items.map(({ phone }) => phone))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(Array.from({ length: 7 }, (_, i) => `7916000000${i}`))
  })

  it('is narrowed by every filter', async () => {
    await create({ tag: 'a', optedOut: true })
    await create({ phone: '79260000000', timeZone: 'Asia/Calcutta' })
    const phones = async (query: string) => {
      const answer = await dispatcher.get(`${URL}?${query}`)
      return answer.json<{ items: { phone: string }[] }>().items.map(({ phone }) => phone)
    }
    for (const query of [
      'tag=a',
      'optedOut=true',
      'phone=%2B79161234567',
      'operatorCode=916',
      'timeZone=europe/moscow',
    ]) {
      expect([query, await phones(query)]).toEqual([query, ['79161234567']])
    }
    for (const query of ['tag=', 'optedOut=false', 'timeZone=Asia/Kolkata', 'operatorCode=926&tag=']) {
      expect([query, await phones(query)]).toEqual([query, ['79260000000']])
    }
    expect(await phones('tag=a&operatorCode=926')).toEqual([])
  })

  it('is searched by a part of a phone, a tag, an e-mail address, or of what attributes say', async () => {
    await create({ tag: 'VIP', email: 'ann@example.com', attributes: { name: 'Anna "A" Быстрова', age: 41 } })
    await create({ phone: '79260000000', attributes: { anna: 'no' } })
    const found = async (q: string) => {
      const answer = await dispatcher.get(`${URL}?q=${encodeURIComponent(q)}`)
      return answer.json<{ items: { phone: string }[] }>().items.map(({ phone }) => phone)
    }
    for (const q of ['anna', ' "a" быс', 'vip', 'ANN@EX', '123-45', '+7 (916) 123', '41'])
      expect([q, await found(q)]).toEqual([q, ['79161234567']])
    // Neither wildcards nor the names of attributes.
    for (const q of ['%', '_', 'name', 'nobody']) expect([q, await found(q)]).toEqual([q, []])
    expect(await found(' ')).toHaveLength(2)
  })

  it('has totals by the same filters, and the attributes that clients have', async () => {
    await create({ tag: 'a', optedOut: true, attributes: { name: 'Ann' } })
    await create({ phone: '79260000000', tag: 'a', attributes: { name: 'Bob', city: 'Omsk' } })
    await create({ phone: '79260000001' })
    const get = async (path: string) => (await dispatcher.get(`${URL}${path}`)).json<object>()
    expect(await get('/totals')).toEqual({ count: 3, optedOut: 1 })
    expect(await get('/totals?tag=a')).toEqual({ count: 2, optedOut: 1 })
    expect(await get('/totals?q=bob')).toEqual({ count: 1, optedOut: 0 })
    expect(await get('/attributes')).toEqual({
      items: [
        { name: 'name', count: 2 },
        { name: 'city', count: 1 },
      ],
    })
  })

  it.each([
    'limit=0',
    'limit=1001',
    'cursor=x',
    'tags=a',
    'tag=%00',
    'timeZone=GMT%2B3',
    'phone=1',
    'optedOut=maybe',
  ])('with %s is refused', async (query) => {
    expect((await dispatcher.get(`${URL}?${query}`)).statusCode).toBe(400)
  })
})
