import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { gzipSync } from 'node:zlib'
import { startIngest, type Answer, type Ingest } from './ingest.ts'

const EVENT_URL = '/services/collector/event'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

const event = (text: unknown, more: object = {}) =>
  JSON.stringify({ time: 1795953600.25, host: 'h', source: 'shop', event: text, ...more })

const post = (ingest: Ingest, body: string | Buffer, url = EVENT_URL, headers = {}) =>
  ingest.post(url, body, { ...FORM, ...headers })

const seen = (answer: Answer) => [answer.statusCode, answer.json<unknown>()]

async function consumed(ingest: Ingest, count: number) {
  await eventually(() => ingest.consumed.length === count)
  return ingest.consumed.map(({ kind, data }) => ({ kind, data }))
}

describe('an event of the HTTP Event Collector', () => {
  it.each(['/services/collector', EVENT_URL, '/services/collector/event/1.0'])(
    'at %s is a log, and so is each one behind it',
    async (url) => {
      await using ingest = await startIngest()
      const body = event('first') + event('second', { index: 'main', fields: { team: 'späti' } })
      expect(seen(await post(ingest, body, url))).toEqual([200, { text: 'Success', code: 0 }])
      const base = { timestamp: '2026-11-29T12:00:00.25Z', service: 'shop' }
      expect(await consumed(ingest, 2)).toEqual([
        { kind: 'logs', data: { ...base, message: 'first', attributes: { host: 'h', source: 'shop' } } },
        {
          kind: 'logs',
          data: {
            ...base,
            message: 'second',
            attributes: { host: 'h', source: 'shop', index: 'main', team: 'späti' },
          },
        },
      ])
    },
  )

  it.each(['json', '', 'text', 'application/json/x', 'text/html', 'application/json; charset=us-ascii'])(
    'is read whatever the content type says, as in %j',
    async (type) => {
      await using ingest = await startIngest()
      const answer = await post(ingest, event('first'), EVENT_URL, { 'content-type': type })
      expect(seen(answer)).toEqual([200, { text: 'Success', code: 0 }])
    },
  )

  it.each<[string, object, object]>([
    ['a time as text', { time: '1795953600.125' }, { timestamp: '2026-11-29T12:00:00.125Z' }],
    ['no source', { source: '', sourcetype: 'nginx' }, { service: 'nginx' }],
    [
      'a message and a severity',
      { event: { message: 'm', severity: 'error' } },
      { level: 'error', message: 'm' },
    ],
    ['an entry as its message', { event: { message: { msg: 'm', meta: 1 } } }, { message: 'm' }],
    [
      'an entry without text',
      { event: { a: [1] } },
      { message: '{"a":[1]}', attributes: { event: { a: [1] } } },
    ],
    ['a number', { event: 17 }, { message: '17', attributes: { event: 17 } }],
    ['a level among its fields', { fields: { level: 'warning' } }, { level: 'warn' }],
    ['the severity of a collector', { fields: { 'otel.log.severity.text': 'Error' } }, { level: 'error' }],
    [
      'a field with a taken name',
      { fields: { host: 'x' } },
      { attributes: { host: 'h', 'fields.host': 'x' } },
    ],
  ])('may have %s', async (_, more, expected) => {
    await using ingest = await startIngest()
    expect((await post(ingest, event('m', more))).statusCode).toBe(200)
    expect((await consumed(ingest, 1))[0]).toMatchObject({ data: expected })
  })

  it('takes from the query what it does not say itself', async () => {
    await using ingest = await startIngest()
    await post(ingest, '{"event":"m","host":"own"}', `${EVENT_URL}?host=other&source=shop`)
    expect(await consumed(ingest, 1)).toEqual([
      {
        kind: 'logs',
        data: { service: 'shop', message: 'm', attributes: { host: 'own', source: 'shop' } },
      },
    ])
  })

  it('may be compressed', async () => {
    await using ingest = await startIngest()
    const answer = await post(ingest, gzipSync(event('m')), EVENT_URL, { 'content-encoding': 'gzip' })
    expect(answer.statusCode).toBe(200)
  })
})

describe('metrics of the HTTP Event Collector', () => {
  it('are those of all its fields with their names, with the others as tags', async () => {
    await using ingest = await startIngest()
    const fields = { region: 'eu', list: [1], 'metric_name:load': 0.5, 'metric_name:free': '12' }
    expect((await post(ingest, event('metric', { fields }))).statusCode).toBe(200)
    const tags = { service: 'shop', host: 'h', source: 'shop', region: 'eu', list: '[1]' }
    const timestamp = '2026-11-29T12:00:00.25Z'
    expect(await consumed(ingest, 2)).toEqual([
      { kind: 'metrics', data: { data: { name: 'load', value: 0.5, tags, timestamp } } },
      { kind: 'metrics', data: { data: { name: 'free', value: 12, tags, timestamp } } },
    ])
  })

  it('have an older form, and all their digits', async () => {
    await using ingest = await startIngest()
    const text = '{"event":"metric","fields":{"metric_name":"n","_value":9007199254740993}}'
    expect((await post(ingest, text)).statusCode).toBe(200)
    const [metric] = await consumed(ingest, 1)
    expect(JSON.stringify(metric)).toContain('"name":"n","value":9007199254740993,"exact":"9007199254740993"')
  })

  it('have to be numbers, and cost only themselves', async () => {
    await using ingest = await startIngest()
    const bad = event('metric', { fields: { 'metric_name:a': 'high' } })
    expect(seen(await post(ingest, event('m') + bad))).toMatchObject([
      400,
      { code: 6, 'invalid-event-number': 1, accepted: 1, detail: expect.stringContaining('number') },
    ])
    await consumed(ingest, 1)
  })
})

it('an event may not become many times as large by the dimensions that its metrics share', async () => {
  await using ingest = await startIngest({ env: { BODY_LIMIT_BYTES: '100000' } })
  const metrics = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`metric_name:m${i}`, i]))
  const large = event('metric', { fields: { ...metrics, region: 'x'.repeat(10_000) } })
  expect((await post(ingest, large)).statusCode).toBe(413)
  const small = event('metric', { fields: { ...metrics, region: 'x'.repeat(1000) } })
  expect((await post(ingest, small)).statusCode).toBe(200)
  await consumed(ingest, 200)
})

describe('raw lines of the HTTP Event Collector', () => {
  it('are a log each, of what the query says', async () => {
    await using ingest = await startIngest()
    const url = '/services/collector/raw?sourcetype=nginx&host=h'
    expect((await post(ingest, 'GET / 200\r\n\nlevel=error msg="x"\n', url)).statusCode).toBe(200)
    const attributes = { host: 'h', sourcetype: 'nginx' }
    expect(await consumed(ingest, 2)).toEqual([
      { kind: 'logs', data: { service: 'nginx', message: 'GET / 200', attributes } },
      { kind: 'logs', data: { service: 'nginx', message: 'level=error msg="x"', attributes } },
    ])
  })
})

describe('a refusal in the words of the protocol', () => {
  it.each<[string, string | Buffer, number, object]>([
    ['nothing', '', 400, { text: 'No data', code: 5 }],
    ['blanks', ' \n', 400, { text: 'No data', code: 5 }],
    ['no JSON', '{"time":', 400, { text: 'Invalid data format', code: 6, 'invalid-event-number': 0 }],
    ['a missing event', `${event('a')}{"time":1}`, 400, { code: 12, 'invalid-event-number': 1, accepted: 1 }],
    ['a blank event', event(''), 400, { code: 13, 'invalid-event-number': 0, accepted: 0 }],
    ['a NUL', event('\0'), 400, { code: 6, 'invalid-event-number': 0 }],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0x7d]), 400, { code: 6, 'invalid-event-number': 0 }],
    ['too many events', event('a').repeat(4), 413, { code: 6 }],
    ['too large a body', 'x'.repeat(5000), 413, { code: 6 }],
  ])('is that of %s', async (_, body, status, expected) => {
    await using ingest = await startIngest({ env: { BODY_LIMIT_BYTES: '4000', BATCH_LIMIT_ITEMS: '3' } })
    const answer = await post(ingest, body)
    expect(seen(answer)).toMatchObject([status, expected])
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  })

  it('says 415 for an encoding that is not known', async () => {
    await using ingest = await startIngest()
    const answer = await post(ingest, 'x', EVENT_URL, { 'content-encoding': 'lzma' })
    expect(seen(answer)).toMatchObject([415, { code: 6 }])
  })

  it('says that the server is busy, where others say 429 as well as 503, and when to come back', async () => {
    await using ingest = await startIngest({ env: { QUEUE_LIMIT_EVENTS: '1' } })
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(ingest, event('a'))))
    const busy = answers.find(({ statusCode }) => statusCode !== 200)!
    expect(seen(busy)).toMatchObject([503, { text: 'Server is busy', code: 9 }])
    expect(busy.headers['retry-after']).toBe('1')
    await using full = await startIngest({ consuming: false, env: { LOGS_STREAM_BYTES: '4096' } })
    await post(full, event('x'.repeat(3000)))
    expect(seen(await post(full, event('x'.repeat(3000))))).toMatchObject([503, { code: 9 }])
  })
})

describe('what clients of the HTTP Event Collector ask besides', () => {
  it('is its health', async () => {
    await using ingest = await startIngest()
    for (const url of ['/services/collector/health', '/services/collector/health/1.0'])
      expect(seen(await ingest.inject(url))).toEqual([200, { text: 'HEC is healthy', code: 17 }])
  })

  it('is whether events are safe, which they are once they have an id', async () => {
    await using ingest = await startIngest()
    const channel = { 'x-splunk-request-channel': 'FE0ECFAD-13D5-401B-847D-77833BD77131' }
    const { ackId } = (await post(ingest, event('a'), EVENT_URL, channel)).json<{ ackId: number }>()
    expect(ackId).toEqual(expect.any(Number))
    expect((await post(ingest, event('b'), `${EVENT_URL}?channel=c`)).json()).toHaveProperty('ackId')
    const ask = (body: string, headers = {}) => post(ingest, body, '/services/collector/ack', headers)
    expect(seen(await ask(`{"acks":[${ackId},1]}`, channel))).toEqual([
      200,
      { acks: { [ackId]: true, 1: true } },
    ])
    expect(seen(await ask('{"acks":[1]}'))).toMatchObject([400, { code: 10 }])
    for (const body of ['{"acks":["a"]}', '[]', '{'])
      expect(seen(await ask(body, channel))).toMatchObject([400, { code: 6 }])
  })
})
