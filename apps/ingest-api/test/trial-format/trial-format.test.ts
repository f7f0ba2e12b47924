import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { DEFAULT_FORMATS } from '../../src/formats/default-formats.ts'
import { expectProblem } from '../expect-problem.ts'
import { startIngest, type Ingest, type IngestOptions } from '../ingest.ts'
import {
  decodeAnswer,
  encodeRecords,
  invert,
  invertMarked,
  TRIAL_TYPE,
  trialFormat,
  type TrialRecord,
} from './trial-format.ts'

const start = (options: IngestOptions = {}) =>
  startIngest({ formats: [...DEFAULT_FORMATS, trialFormat], ...options })

async function post(
  ingest: Ingest,
  body: Buffer | readonly TrialRecord[],
  headers: Record<string, string> = {},
) {
  const bytes = Buffer.isBuffer(body) ? body : encodeRecords(body)
  const answer = await ingest.post('/trial/records', bytes, { 'content-type': TRIAL_TYPE, ...headers })
  expect(answer.headers['content-type']).toBe(TRIAL_TYPE)
  return { ...answer, ...decodeAnswer(answer.rawPayload), status: answer.statusCode, headers: answer.headers }
}

const metric = (name: string): TrialRecord => ({ kind: 'm', text: `{"data":{"name":"${name}"}}` })
const log = (message: string): TrialRecord => ({ kind: 'l', text: `{"message":"${message}"}` })

describe('a format of its own', () => {
  it('brings metrics and logs in one body, and answers in bytes of its own', async () => {
    await using ingest = await start()
    const answer = await post(ingest, [log('a'), metric('b'), log('c')])
    expect(answer).toMatchObject({ status: 200, sign: '+', accepted: 3, indexes: [] })
    await eventually(() => ingest.consumed.length === 3)
    const events = new Map(ingest.consumed.map(({ id, kind, data }) => [id, { kind, data }]))
    expect(answer.text.split(' ').map((id) => events.get(id))).toEqual([
      { kind: 'logs', data: { message: 'a' } },
      { kind: 'metrics', data: { data: { name: 'b' } } },
      { kind: 'logs', data: { message: 'c' } },
    ])
  })

  it('names records that cannot be read, are no JSON or do not fit their kind', async () => {
    await using ingest = await start()
    const bad: TrialRecord[] = [
      { kind: '?', text: 'x' },
      { kind: 'l', text: '{' },
      { kind: 'm', text: '{"data":{"value":"high"}}' },
    ]
    const answer = await post(ingest, [log('a'), ...bad, metric('b')])
    expect(answer).toMatchObject({ sign: '+', accepted: 2, indexes: [1, 2, 3] })
    const counted = await ingest.metrics.metrics()
    expect(counted).toContain('{kind="logs",outcome="rejected",app="ingest-api"} 2')
    expect(counted).toContain('{kind="metrics",outcome="rejected",app="ingest-api"} 1')
    expect(counted).toContain('{kind="metrics",outcome="accepted",app="ingest-api"} 1')
  })

  it('may answer a body without a good event as a success', async () => {
    await using ingest = await start()
    expect(await post(ingest, [])).toMatchObject({ status: 200, sign: '+', accepted: 0, indexes: [] })
    expect(await post(ingest, [{ kind: '?', text: '' }])).toMatchObject({
      sign: '+',
      accepted: 0,
      indexes: [0],
    })
  })

  it.each(['broker', 'stored'] as const)(
    'waits for no row of an empty body where %s acknowledges',
    async (acknowledge) => {
      await using ingest = await start({ acknowledge, env: { STORED_WAIT_MS: '60000' } })
      expect(await post(ingest, [])).toMatchObject({ sign: '+', accepted: 0 })
    },
  )

  it('has an encoding of its own beside those of all formats', async () => {
    await using ingest = await start()
    const bytes = invert(encodeRecords([log('a')]))
    expect(await post(ingest, bytes, { 'content-encoding': 'inverted' })).toMatchObject({ accepted: 1 })
    expect(await post(ingest, bytes, { 'content-encoding': 'other' })).toMatchObject({
      status: 415,
      text: 'unsupported_encoding',
    })
    const elsewhere = await ingest.post('/log', invert(Buffer.from('{}')), { 'content-encoding': 'inverted' })
    expectProblem(elsewhere, 415, 'unsupported_encoding')
  })

  it('sees an encoding in the bytes where no header names it', async () => {
    await using ingest = await start()
    const bytes = invertMarked(encodeRecords([log('a')]))
    expect(await post(ingest, bytes)).toMatchObject({ status: 200, accepted: 1 })
    expect(await post(ingest, bytes, { 'content-encoding': 'identity' })).toMatchObject({ accepted: 1 })
    expect((await ingest.post('/log', bytes)).statusCode).toBe(400)
  })

  it('deletes products, and refuses a deletion that names none', async () => {
    await using ingest = await start()
    const records: TrialRecord[] = [
      { kind: 'd', text: '{"id":17}' },
      { kind: 'd', text: '{"name":"pen"}' },
    ]
    expect(await post(ingest, records)).toMatchObject({ accepted: 1, indexes: [1] })
    await eventually(() => ingest.consumed.length === 1)
    expect(ingest.consumed[0]).toMatchObject({ kind: 'products', op: 'delete', data: { id: 17 } })
  })

  it('has a key for each event, of the header and the place in the body', async () => {
    await using ingest = await start()
    await post(ingest, [{ kind: '?', text: '' }, log('a'), metric('b')], { 'idempotency-key': 'k' })
    await eventually(() => ingest.consumed.length === 2)
    expect(ingest.consumed.map(({ key }) => key).sort()).toEqual(['k#0', 'k#1'])
  })

  it('answers a handshake, and is described beside the other routes', async () => {
    await using ingest = await start()
    expect((await ingest.inject('/trial/version')).body).toBe('trial/1')
    const other = await ingest.post('/trial/version', 'trial/2', { 'content-type': 'text/plain' })
    expect(other).toMatchObject({ statusCode: 400, headers: { 'x-trial-url': '/trial/version' } })
    expect(decodeAnswer(other.rawPayload)).toMatchObject({ sign: '-', text: 'bad_request' })
    expect((await ingest.post('/trial/version', 'trial/1')).statusCode).toBe(204)
    const { paths } = (await ingest.inject('/docs/json')).json<{ paths: Record<string, unknown> }>()
    expect(paths['/trial/records']).toMatchObject({
      post: { tags: ['trial'], requestBody: { content: { [TRIAL_TYPE]: {} } } },
    })
    expect((await ingest.post('/log', {})).body).toBe('{"status":"ok"}')
  })
})

describe('an error of a format of its own', () => {
  it.each<[string, Buffer, Record<string, string>, number, string]>([
    ['a malformed body', Buffer.from('l'), {}, 400, 'bad_request'],
    ['a body that is too large', Buffer.alloc(2001), {}, 413, 'body_too_large'],
    ['too many records', encodeRecords(Array(4).fill(log('a'))), {}, 413, 'too_many_items'],
    ['an invalid key', encodeRecords([log('a')]), { 'idempotency-key': '' }, 400, 'invalid_field'],
    [
      'another media type',
      encodeRecords([log('a')]),
      { 'content-type': 'text/x' },
      415,
      'unsupported_media_type',
    ],
    ['a page of another site', encodeRecords([]), { 'sec-fetch-site': 'cross-site' }, 403, 'cross_site'],
  ])('is that of %s', async (_, body, headers, status, code) => {
    await using ingest = await start({ env: { BODY_LIMIT_BYTES: '2000', BATCH_LIMIT_ITEMS: '3' } })
    expect(await post(ingest, body, headers)).toMatchObject({ status, sign: '-', text: code })
  })

  it('says when to come back, and may have a status that its clients understand better', async () => {
    await using ingest = await start({ env: { QUEUE_LIMIT_EVENTS: '1' } })
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(ingest, [log('a')])))
    const busy = answers.find(({ sign }) => sign === '-')
    expect(busy).toMatchObject({ status: 503, text: 'too_busy', headers: { 'retry-after': '1' } })
  })

  it('knows the body, and which of its records the broker has', async () => {
    await using ingest = await start({ consuming: false, env: { LOGS_STREAM_BYTES: '4096' } })
    const large = (name: string) => [
      metric(name),
      { kind: 'l', text: `{"m":"${'x'.repeat(3000)}"}` } as const,
    ]
    expect(await post(ingest, large('a'))).toMatchObject({ status: 200, accepted: 2 })
    expect(await post(ingest, [...large('b'), metric('c')])).toMatchObject({
      status: 503,
      sign: '-',
      text: 'partly_accepted',
      accepted: 3,
      indexes: [0, 2],
    })
    expect(await post(ingest, [log('x'.repeat(3000))])).toMatchObject({ status: 503, text: 'backlog_full' })
  })
})

it('formats of one route are asked in their order, and the first reads what has no content type', async () => {
  const second = { ...trialFormat, name: 'second', mediaTypes: ['*'], handshakes: [] }
  const first = { ...trialFormat, recognises: (bytes: Buffer) => bytes.length > 100, namesEvents: false }
  await using ingest = await start({ formats: [first, second] })
  const names = async (text: string, headers: Record<string, string>) =>
    (await post(ingest, [log(text)], headers)).text !== ''
  expect(await names('x'.repeat(100), {})).toBe(false)
  expect(await names('short', {})).toBe(true)
  expect(await names('short', { 'content-type': 'text/odd' })).toBe(true)
  const bare = {
    method: 'POST' as const,
    url: '/trial/records',
    payload: encodeRecords([log('x'.repeat(100))]),
  }
  expect(decodeAnswer((await ingest.inject(bare)).rawPayload)).toMatchObject({ accepted: 1, text: '' })
})
