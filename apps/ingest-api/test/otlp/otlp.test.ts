import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { fromBinary } from '@bufbuild/protobuf'
import { ExportLogsServiceResponseSchema } from '@runnel/wire/opentelemetry/collector/logs/v1/logs_service'
import { gzipSync } from 'node:zlib'
import { startIngest, type Answer } from '../ingest.ts'
import { logBodies, metricBodies, PROTOBUF_TYPE, spanBodies } from './otlp-bodies.ts'

const TIME = 1_764_000_000_000_000_000n
const ID = Buffer.from('5b8efff798038103d269b633813fc60c', 'hex')

const text = (value: string) => ({ value: { case: 'stringValue' as const, value } })

function logs(...messages: string[]) {
  const logRecords = messages.map((message) => ({ timeUnixNano: TIME, body: text(message) }))
  return logBodies({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
}

const types = {
  json: { 'content-type': 'application/json' },
  protobuf: PROTOBUF_TYPE,
}
const ENCODINGS = ['json', 'protobuf'] as const

const isJson = (type: unknown) => type === 'application/json; charset=utf-8'

/** What google.rpc.Status says, in either encoding. */
function readStatus({ headers, rawPayload }: Answer) {
  if (isJson(headers['content-type'])) {
    return JSON.parse(rawPayload.toString()) as { code: number; message: string }
  }
  expect(headers['content-type']).toBe('application/x-protobuf')
  const reader = new BinaryReader(rawPayload)
  reader.tag()
  const code = reader.int32()
  reader.tag()
  return { code, message: reader.string() }
}

function readRejected({ headers, rawPayload }: Answer) {
  if (!isJson(headers['content-type'])) {
    const { partialSuccess } = fromBinary(ExportLogsServiceResponseSchema, rawPayload)
    return (
      partialSuccess && {
        rejected: Number(partialSuccess.rejectedLogRecords),
        message: partialSuccess.errorMessage,
      }
    )
  }
  const { partialSuccess } = JSON.parse(rawPayload.toString()) as {
    partialSuccess?: { rejectedLogRecords: string; errorMessage: string }
  }
  return (
    partialSuccess && {
      rejected: Number(partialSuccess.rejectedLogRecords),
      message: partialSuccess.errorMessage,
    }
  )
}

describe.each(ENCODINGS)('OTLP in %s', (encoding) => {
  it('is answered in its own type once the broker has the events', async () => {
    await using ingest = await startIngest()
    const answer = await ingest.post('/v1/logs', logs('a', 'b')[encoding], types[encoding])
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toContain(types[encoding]['content-type'])
    expect(answer.body).toBe(encoding === 'json' ? '{}' : '')
    await eventually(() => ingest.consumed.length === 2)
    expect(ingest.consumed.map(({ data }) => data)).toMatchObject([{ message: 'a' }, { message: 'b' }])
  })

  it('may be compressed, and its type may name a charset', async () => {
    await using ingest = await startIngest()
    const answer = await ingest.post('/v1/logs', gzipSync(logs('a')[encoding]), {
      'content-type': `${types[encoding]['content-type']}; charset=utf-8`,
      'content-encoding': 'gzip',
    })
    expect(answer.statusCode).toBe(200)
    await eventually(() => ingest.consumed.length === 1)
  })

  it('may hold nothing', async () => {
    await using ingest = await startIngest()
    for (const url of ['/v1/logs', '/v1/metrics', '/v1/traces']) {
      const body = encoding === 'json' ? '{}' : Buffer.alloc(0)
      const answer = await ingest.post(url, body, types[encoding])
      expect([answer.statusCode, answer.body]).toEqual([200, encoding === 'json' ? '{}' : ''])
    }
  })

  it('loses only records that cannot be stored, and counts them', async () => {
    await using ingest = await startIngest()
    const answer = await ingest.post('/v1/logs', logs('a', 'nul \0', 'b')[encoding], types[encoding])
    expect(answer.statusCode).toBe(200)
    expect(readRejected(answer)).toEqual({
      rejected: 1,
      message:
        'Refused log records, by their place in the request: 1 (/message): Text may not hold NUL characters',
    })
    await eventually(() => ingest.consumed.length === 2)
  })

  it('is answered with success also where no record can be stored: it would never get better', async () => {
    await using ingest = await startIngest()
    const answer = await ingest.post('/v1/logs', logs('\0', '\0')[encoding], types[encoding])
    expect([answer.statusCode, readRejected(answer)?.rejected]).toEqual([200, 2])
  })

  it('that is sent again names the same events', async () => {
    await using ingest = await startIngest()
    const body = logs('a', 'a')[encoding]
    for (let i = 0; i < 2; i++) await ingest.post('/v1/logs', body, types[encoding])
    await eventually(() => ingest.consumed.length === 4)
    const names = ingest.consumed.map(({ key, item }) => `${key} ${item}`)
    expect(names.slice(2)).toEqual(names.slice(0, 2))
    expect(new Set(names).size).toBe(2)
  })

  it('has no such names where records say no time: two may be equal', async () => {
    await using ingest = await startIngest()
    const body = logBodies({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: text('a') }] }] }] })[
      encoding
    ]
    await ingest.post('/v1/logs', body, types[encoding])
    await eventually(() => ingest.consumed.length === 1)
    expect(ingest.consumed[0]!.key).toBeUndefined()
  })

  it.each<[string, number, number, Record<string, string>, Record<string, string>]>([
    ['is too large', 413, 3, { BODY_LIMIT_BYTES: '1024' }, {}],
    ['has an unknown encoding', 415, 3, {}, { 'content-encoding': 'other' }],
    ['is not compressed', 400, 3, {}, { 'content-encoding': 'gzip' }],
    ['comes from a page of another site', 403, 7, {}, { 'sec-fetch-site': 'cross-site' }],
  ])('that %s is answered with a Status in its own type', async (_, status, code, env, headers) => {
    await using ingest = await startIngest({ env })
    const answer = await ingest.post('/v1/logs', logs('x'.repeat(2000))[encoding], {
      ...types[encoding],
      ...headers,
    })
    expect(answer.statusCode).toBe(status)
    expect(readStatus(answer)).toEqual({ code, message: expect.stringMatching(/^[a-z_]+: /) })
  })

  it('says when to come back', async () => {
    await using ingest = await startIngest({ env: { QUEUE_LIMIT_EVENTS: '1' } })
    const body = logs('a')[encoding]
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ingest.post('/v1/logs', body, types[encoding])),
    )
    const busy = answers.find(({ statusCode }) => statusCode !== 200)!
    expect([busy.statusCode, busy.headers['retry-after']]).toEqual([429, '1'])
    expect(readStatus(busy)).toEqual({ code: 8, message: expect.stringContaining('too_busy') })
  })

  it('has spans without ids or times refused, each by itself', async () => {
    await using ingest = await startIngest()
    const good = { traceId: ID, spanId: ID.subarray(8), startTimeUnixNano: TIME, endTimeUnixNano: TIME }
    const spans = [good, {}, { ...good, endTimeUnixNano: 0n }, { ...good, spanId: ID }]
    const body = spanBodies({ resourceSpans: [{ scopeSpans: [{ spans }] }] })[encoding]
    const answer = await ingest.post('/v1/traces', body, types[encoding])
    expect(answer.statusCode).toBe(200)
    if (encoding === 'json') {
      expect(answer.json()).toEqual({
        partialSuccess: { rejectedSpans: '3', errorMessage: expect.stringContaining('/endTime is missing') },
      })
    }
    await eventually(() => ingest.consumed.length === 1)
    expect(ingest.consumed[0]).toMatchObject({ kind: 'traces', data: { service: 'unknown_service' } })
  })
})

it('malformed bodies are refused as a whole, in their own type', async () => {
  await using ingest = await startIngest()
  const json = await ingest.post('/v1/logs', '{"resourceLogs":', types.json)
  expect([json.statusCode, readStatus(json).code]).toEqual([400, 3])
  const protobuf = await ingest.post('/v1/logs', Buffer.from([0x0a, 0x7f, 1]), PROTOBUF_TYPE)
  expect([protobuf.statusCode, readStatus(protobuf).code]).toEqual([400, 3])
  const other = await ingest.post('/v1/logs', 'x', { 'content-type': 'text/plain' })
  expect([other.statusCode, readStatus(other).code]).toEqual([415, 3])
  expect((await ingest.inject('/v1/logs')).statusCode).toBe(405)
})

it('metrics and logs are events of their kinds', async () => {
  await using ingest = await startIngest()
  const points = [{ timeUnixNano: TIME, value: { case: 'asInt' as const, value: 1n } }]
  const { protobuf } = metricBodies({
    resourceMetrics: [
      {
        scopeMetrics: [{ metrics: [{ name: 'm', data: { case: 'gauge', value: { dataPoints: points } } }] }],
      },
    ],
  })
  expect((await ingest.post('/v1/metrics', protobuf, PROTOBUF_TYPE)).statusCode).toBe(200)
  await eventually(() => ingest.consumed.length === 1)
  expect(ingest.consumed[0]).toMatchObject({ kind: 'metrics', data: { data: { name: 'm', value: 1 } } })
})
