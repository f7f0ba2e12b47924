import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { expectProblem } from './expect-problem.ts'
import { startIngest, type Answer, type Ingest } from './ingest.ts'

const STRUCTURED = 'application/cloudevents+json'
const BATCH = 'application/cloudevents-batch+json; charset=UTF-8'

const paid = {
  ...{ specversion: '1.0', id: '1', source: '/shop', type: 'com.shop.order.paid' },
  ...{ subject: 'order/17', time: '2026-11-29T12:00:00.123456789Z', tenant: 'a1' },
  data: { message: 'paid', level: 'warning', order: { id: 17, sum: 9007199254740993n } },
}
const paidLog = {
  timestamp: '2026-11-29T12:00:00.123456789Z',
  level: 'warn',
  service: '/shop',
  message: 'paid',
}

/** JSON that has an integer beyond 2^53. */
const write = (value: unknown) =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? JSON.rawJSON(String(one)) : one))

const send = (ingest: Ingest, event: unknown, type = STRUCTURED, url = '/cloudevents') =>
  ingest.post(url, write(event), { 'content-type': type })

const binary = (
  ingest: Ingest,
  headers: Record<string, string>,
  body: string | Buffer,
  url = '/cloudevents',
) =>
  ingest.post(url, body, {
    ...{ 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/shop', 'ce-type': 'com.shop.note' },
    ...headers,
  })

async function consumed(ingest: Ingest, count: number) {
  await eventually(() => ingest.consumed.length === count)
  return ingest.consumed
}

describe('a structured CloudEvent', () => {
  it('is a log with its attributes, whose key is source and id', async () => {
    await using ingest = await startIngest()
    const answer = await send(ingest, paid)
    expect([answer.statusCode, answer.body]).toEqual([202, '{"status":"ok"}'])
    const [event] = await consumed(ingest, 1)
    expect(event).toMatchObject({
      kind: 'logs',
      key: '/shop#1',
      id: answer.headers['event-id'],
      data: paidLog,
    })
    const { attributes } = event!.data as { attributes: object }
    expect(write(attributes)).toBe(
      write({
        ...{ id: '1', source: '/shop', specversion: '1.0', subject: 'order/17', tenant: 'a1' },
        ...{ time: paid.time, type: paid.type, data: paid.data },
      }),
    )
  })

  it.each<[string, object, object]>([
    ['text', { datacontenttype: 'text/plain', data: 'naïve 😀' }, { message: 'naïve 😀' }],
    ['a JSON text', { data: 'plain' }, { message: 'plain' }],
    ['XML', { datacontenttype: 'application/xml', data: '<a/>' }, { message: '<a/>' }],
    ['no data', {}, { message: 'com.shop.order.paid order/17' }],
    ['null', { data: null, subject: null }, { message: 'com.shop.order.paid' }],
    ['a list', { data: [1] }, { message: 'com.shop.order.paid order/17', attributes: { data: [1] } }],
    [
      'JSON in Base64',
      { data_base64: Buffer.from('{"message":"m"}').toString('base64') },
      { message: 'm', attributes: { data: { message: 'm' } } },
    ],
    [
      'bytes',
      { datacontenttype: 'image/png', data_base64: '/wA=' },
      { message: 'com.shop.order.paid order/17', attributes: { data_base64: '/wA=' } },
    ],
    [
      'bytes without a type',
      { data_base64: 'AP8' },
      { message: 'com.shop.order.paid order/17', attributes: { data_base64: 'AP8=' } },
    ],
    [
      'bytes without a type that are UTF-8',
      { data_base64: 'AQI=' },
      { message: 'com.shop.order.paid order/17', attributes: { data_base64: 'AQI=' } },
    ],
    ['a severity', { severitynumber: 17 }, { level: 'error' }],
    ['a severity in words', { severitytext: 'WARN', severitynumber: 17 }, { level: 'warn' }],
    [
      'a trace',
      { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
      { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
    ],
  ])('may have %s', async (_, more, expected) => {
    await using ingest = await startIngest()
    expect((await send(ingest, { ...paid, data: undefined, ...more })).statusCode).toBe(202)
    expect((await consumed(ingest, 1))[0]).toMatchObject({ data: expected })
  })

  it.each<[string, object | string, string, string]>([
    ['without id', { ...paid, id: undefined }, 'missing_field', '/id'],
    ['with an empty source', { ...paid, source: '' }, 'invalid_field', '/source'],
    ['with a number as type', { ...paid, type: 7 }, 'invalid_field', '/type'],
    ['of another version', { ...paid, specversion: '0.3' }, 'invalid_field', '/specversion'],
    ['with data twice', { ...paid, data_base64: 'AA==' }, 'invalid_field', '/data_base64'],
    ['with malformed Base64', { ...paid, data: null, data_base64: '%' }, 'invalid_field', '/data_base64'],
    ['with a NUL', { ...paid, tenant: 'a\0' }, 'nul_character', '/attributes/tenant'],
    ['that is a list', [paid], 'invalid_field', ''],
  ])('%s is refused', async (_, event, code, field) => {
    await using ingest = await startIngest()
    expect(expectProblem(await send(ingest, event), 400, code)['field']).toBe(field)
  })

  it('that is no JSON is refused', async () => {
    await using ingest = await startIngest()
    expectProblem(await ingest.post('/cloudevents', '{', { 'content-type': STRUCTURED }), 400, 'bad_json')
  })

  it('has the hash of source and id as its key where they are too long for one', async () => {
    await using ingest = await startIngest()
    await send(ingest, { ...paid, source: `/${'s'.repeat(600)}` })
    const [event] = await consumed(ingest, 1)
    expect(event).toMatchObject({ key: expect.stringMatching(/^sha256:[\w-]{43}$/) })
    expect(event!.data).not.toHaveProperty('service')
  })
})

describe('a binary CloudEvent', () => {
  it('is the same event as in the structured mode', async () => {
    await using ingest = await startIngest()
    const { data, ...attributes } = paid
    const headers = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value])
    const type = { 'content-type': 'application/json; charset=utf-8' }
    const answers = [
      await binary(ingest, { ...Object.fromEntries(headers), ...type }, write(data)),
      await send(ingest, { ...paid, datacontenttype: 'application/json' }),
      await send(ingest, paid),
    ]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202])
    const events = await consumed(ingest, 3)
    const names = events.map(({ key, item }) => ({ key, item }))
    expect(names).toEqual(Array(3).fill(names[0]))
    expect(write(events[0]!.data)).toBe(write(events[2]!.data))
  })

  it('has percent-encoded headers, also in quotes and with what is not encoded', async () => {
    await using ingest = await startIngest()
    const headers = {
      ...{ 'ce-subject': 'Caf%C3%A9 %F0%9F%98%80', 'ce-a': '"say \\"hi\\" %22"', 'ce-b': '100%' },
      'ce-c': Buffer.from('漢').toString('latin1'),
    }
    await binary(ingest, { ...headers, 'content-type': 'text/plain' }, 'text')
    const [event] = await consumed(ingest, 1)
    expect(event!.data).toMatchObject({
      message: 'text',
      attributes: {
        ...{ subject: 'Café 😀', a: 'say "hi" "', b: '100%', c: '漢', datacontenttype: 'text/plain' },
      },
    })
    expectProblem(await binary(ingest, { 'ce-subject': '%ff' }, ''), 400, 'bad_encoding')
  })

  it.each<[string, string | undefined, Buffer, object]>([
    ['XML', 'application/soap+xml', Buffer.from('<a/>'), { message: '<a/>' }],
    ['bytes', 'image/png', Buffer.from([255, 0]), { attributes: { data_base64: '/wA=' } }],
    ['text that is not UTF-8', 'text/plain', Buffer.from([255]), { attributes: { data_base64: '/w==' } }],
    ['JSON by another name', 'application/x+json', Buffer.from('[1]'), { attributes: { data: [1] } }],
    ['nothing', undefined, Buffer.alloc(0), { message: 'com.shop.note' }],
  ])('may have %s as data', async (_, type, body, expected) => {
    await using ingest = await startIngest()
    const request = {
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-source': '/shop',
      'ce-type': 'com.shop.note',
    }
    const headers = { ...request, ...(type !== undefined && { 'content-type': type }) }
    const answer = await ingest.inject({ method: 'POST', url: '/cloudevents', payload: body, headers })
    expect(answer.statusCode).toBe(202)
    expect((await consumed(ingest, 1))[0]).toMatchObject({ data: expected })
  })

  it.each<[string, Record<string, string>, string, number, string]>([
    ['without an id', { 'ce-id': '' }, '{}', 400, 'invalid_field'],
    ['whose data are no JSON', { 'content-type': 'application/json' }, '{', 400, 'bad_json'],
    [
      'of an unknown format',
      { 'content-type': 'application/cloudevents+avro' },
      'x',
      415,
      'unsupported_media_type',
    ],
    [
      'in another charset',
      { 'content-type': 'text/plain; charset=latin1' },
      'x',
      415,
      'unsupported_media_type',
    ],
  ])('%s is refused', async (_, headers, body, status, code) => {
    await using ingest = await startIngest()
    expectProblem(await binary(ingest, headers, body), status, code)
  })

  it('is refused without any of its headers', async () => {
    await using ingest = await startIngest()
    expectProblem(await ingest.post('/cloudevents', paid.data.message), 415, 'unsupported_media_type')
  })
})

describe('a batch of CloudEvents', () => {
  it('keeps the good ones and names the others', async () => {
    await using ingest = await startIngest()
    const other = { ...paid, id: '2' }
    const answer = await send(ingest, [paid, { ...paid, id: undefined }, 7, other], BATCH)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      202,
      {
        accepted: 2,
        rejected: [
          { index: 1, code: 'missing_field', field: '/id' },
          { index: 2, code: 'invalid_field' },
        ],
      },
    ])
    expect((await consumed(ingest, 2)).map(({ key }) => key)).toEqual(['/shop#1', '/shop#2'])
  })

  it.each(['', '\ufeff'])('loses only what is no UTF-8, with %j before it', async (mark) => {
    await using ingest = await startIngest()
    const damaged = Buffer.from(mark + write([{ ...paid, tenant: 'ÿ' }, paid]).replace('ÿ', '\x01'))
    damaged[damaged.indexOf(1)] = 0xff
    const answer = await ingest.post('/cloudevents', damaged, { 'content-type': BATCH })
    expect(answer.json()).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'bad_encoding' }] })
  })

  it('may be empty, and is refused where nothing in it is right', async () => {
    await using ingest = await startIngest()
    const empty = await send(ingest, [], BATCH)
    expect([empty.statusCode, empty.json()]).toMatchObject([202, { accepted: 0, rejected: [] }])
    const bad = await send(ingest, [{}], BATCH)
    expect([bad.statusCode, bad.json()]).toMatchObject([400, { accepted: 0, rejected: [{ index: 0 }] }])
    expectProblem(await send(ingest, paid, BATCH), 400, 'bad_json')
  })

  it('has a limit of events', async () => {
    await using ingest = await startIngest({ env: { BATCH_LIMIT_ITEMS: '2' } })
    expectProblem(await send(ingest, [paid, paid, paid], BATCH), 413, 'too_many_items')
  })
})

describe('a CloudEvent about a product', () => {
  const pen = { id: 17, name: 'pen', price: 1.5 }
  const about = (type: string, data?: unknown) => ({ ...paid, type, subject: 'product/17', data })

  it('is a product by its type', async () => {
    await using ingest = await startIngest({ env: { CLOUD_EVENTS_PRODUCT_TYPES: 'sku.put,sku.removed' } })
    const types = ['com.shop.product.created', 'Shop.Product.Updated.v2', 'sku.put']
    for (const type of types) expect((await send(ingest, about(type, pen))).statusCode).toBe(202)
    expect(await consumed(ingest, 3)).toMatchObject(
      Array(3).fill({ kind: 'products', op: 'upsert', key: '/shop#1', data: pen }),
    )
  })

  it.each<[string, unknown, object]>([
    ['com.shop.product.deleted', undefined, { id: 17 }],
    ['product.removed', { id: 5, version: 3, name: 'pen' }, { id: 5, version: 3 }],
    ['sku.removed', { id: 5 }, { id: 5 }],
  ])('is a deletion by its type %s', async (type, data, expected) => {
    await using ingest = await startIngest({ env: { CLOUD_EVENTS_PRODUCT_TYPES: 'sku.put,sku.removed' } })
    expect((await send(ingest, about(type, data))).statusCode).toBe(202)
    expect((await consumed(ingest, 1))[0]).toMatchObject({ kind: 'products', op: 'delete', data: expected })
  })

  it('is a log where its type says nothing about the state of one', async () => {
    await using ingest = await startIngest()
    for (const type of ['product.viewed', 'product', 'com.products.created'])
      await send(ingest, about(type, pen))
    expect((await consumed(ingest, 3)).map(({ kind }) => kind)).toEqual(['logs', 'logs', 'logs'])
  })

  it.each<[unknown, string, string]>([
    [{ id: 17, name: 'pen' }, 'missing_field', '/price'],
    [undefined, 'missing_field', '/data'],
    ['pen', 'invalid_field', '/data'],
  ])('is refused with the data %j', async (data, code, field) => {
    await using ingest = await startIngest()
    const answer = await send(ingest, about('product.created', data))
    expect(expectProblem(answer, 400, code)['field']).toBe(field)
  })

  it('that is deleted has to be named', async () => {
    await using ingest = await startIngest()
    const answer = await send(ingest, { ...about('product.deleted'), subject: 'pen' })
    expect(expectProblem(answer, 400, 'missing_field')['field']).toBe('/data/id')
  })
})

describe('CloudEvents at the routes of a kind', () => {
  it('are events of that kind, one by one and in batches', async () => {
    await using ingest = await startIngest()
    const pen = { id: 17, name: 'pen', price: 1.5 }
    const answers: Answer[] = [
      await send(ingest, { ...paid, type: 'product.created' }, STRUCTURED, '/log'),
      await send(ingest, { ...paid, data: pen }, STRUCTURED, '/api/v1/products'),
      await send(ingest, { ...paid, type: 'x.deleted', data: { id: 17 } }, STRUCTURED, '/api/v1/products'),
      await send(ingest, { ...paid, data: { value: 1 } }, STRUCTURED, '/api/v1/metrics'),
      await send(ingest, [{ ...paid, data: { data: { value: 2 } } }], BATCH, '/api/v1/metrics'),
    ]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(5).fill(202))
    const events = await consumed(ingest, 5)
    const of = (kind: string) => events.filter((event) => event.kind === kind)
    expect(of('logs')).toMatchObject([{ data: { message: 'paid' } }])
    expect(of('products')).toMatchObject([
      { op: 'upsert', data: pen },
      { op: 'delete', data: { id: 17 } },
    ])
    expect(of('metrics')).toMatchObject([{ data: { data: { value: 1 } } }, { data: { data: { value: 2 } } }])
  })

  it('leave other bodies to the formats that read them before', async () => {
    await using ingest = await startIngest()
    await ingest.post('/log', [{ message: 'plain' }], { 'ce-id': '1' })
    expect((await consumed(ingest, 1))[0]!.data).toEqual({ message: 'plain' })
  })
})

describe('the question whether a sender may deliver', () => {
  const ask = (ingest: Ingest, headers: Record<string, string>) =>
    ingest.inject({ method: 'OPTIONS', url: '/cloudevents', headers })

  it('is answered with yes for origins that are allowed, at any rate', async () => {
    await using ingest = await startIngest({ env: { CLOUD_EVENTS_WEBHOOK_ORIGINS: 'Events.example.com' } })
    const yes = await ask(ingest, {
      'webhook-request-origin': 'events.example.com',
      'webhook-request-rate': '9',
    })
    expect([yes.statusCode, yes.headers]).toMatchObject([
      200,
      { 'webhook-allowed-origin': 'events.example.com', 'webhook-allowed-rate': '*' },
    ])
    const no = await ask(ingest, { 'webhook-request-origin': 'other.example.com' })
    expectProblem(no, 403, 'forbidden')
    expect(no.headers).not.toHaveProperty('webhook-allowed-origin')
    expect((await ask(ingest, {})).statusCode).toBe(204)
  })

  it('is answered with no where no origin is set, and with yes for all where all are', async () => {
    await using closed = await startIngest()
    expect((await ask(closed, { 'webhook-request-origin': 'a.example' })).statusCode).toBe(403)
    await using open = await startIngest({ env: { CLOUD_EVENTS_WEBHOOK_ORIGINS: '*' } })
    expect((await ask(open, { 'webhook-request-origin': 'a.example' })).statusCode).toBe(200)
  })
})
