import { describe, expect, it } from '@jest/globals'
import { create, toBinary } from '@bufbuild/protobuf'
import type { JsonObject } from '@runnel/contracts'
import { PushRequestSchema } from '@runnel/wire/loki/push'
import { deflateSnappy } from '@runnel/wire/snappy'
import { eventually } from '@runnel/testing'
import { gzipSync } from 'node:zlib'
import { readJsonPush } from '../src/formats/loki/read-json-push.ts'
import { readProtobufPush } from '../src/formats/loki/read-protobuf-push.ts'
import { startIngest, type Ingest } from './ingest.ts'

const URL = '/loki/api/v1/push'
const NANOS = '1795953600123456789'
const TIMESTAMP = '2026-11-29T12:00:00.123456789Z'

const push = (ingest: Ingest, body: unknown, headers: Record<string, string> = {}, url = URL) =>
  ingest.post(url, body, headers)

interface PushedStream {
  readonly labels: string
  readonly entries: readonly { nanos: bigint; line: string; metadata?: Record<string, string> }[]
}

function encode(streams: readonly PushedStream[]): Buffer {
  const message = create(PushRequestSchema, {
    streams: streams.map(({ labels, entries }) => ({
      labels,
      entries: entries.map(({ nanos, line, metadata = {} }) => ({
        ...(nanos > 0n && {
          timestamp: { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) },
        }),
        line,
        structuredMetadata: Object.entries(metadata).map(([name, value]) => ({ name, value })),
      })),
    })),
  })
  return Buffer.from(toBinary(PushRequestSchema, message))
}

const protobuf = { 'content-type': 'application/x-protobuf' }

/** What came of a push, once as many events have come. */
async function consumedOf(ingest: Ingest, count: number): Promise<JsonObject[]> {
  await eventually(() => ingest.consumed.length >= count)
  expect(ingest.consumed).toHaveLength(count)
  expect(ingest.consumed.every(({ kind }) => kind === 'logs')).toBe(true)
  return ingest.consumed.map(({ data }) => data as JsonObject)
}

const one = (stream: object, ...values: unknown[]) => ({ streams: [{ stream, values }] })

describe('a push in JSON', () => {
  it('is answered with 204, and has logs with exact times, labels and metadata', async () => {
    await using ingest = await startIngest()
    const body = {
      streams: [
        {
          stream: { service_name: 'shop', level: 'debug', env: 'test' },
          values: [
            [NANOS, 'first'],
            [NANOS, 'empty metadata', {}],
            [NANOS, 'metadata', { trace_id: 'ff', 'user id': 'ä', detected_level: 'warn', env: 'other' }],
          ],
        },
        { stream: { job: 'cron' }, values: [] },
        { stream: {}, values: [['0', 'no time']] },
      ],
    }
    const answer = await push(ingest, body)
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    const labels = { service_name: 'shop', level: 'debug', env: 'test' }
    const log = { timestamp: TIMESTAMP, level: 'debug', service: 'shop' }
    expect(await consumedOf(ingest, 4)).toEqual([
      { ...log, message: 'first', attributes: labels },
      { ...log, message: 'empty metadata', attributes: labels },
      {
        ...{ ...log, level: 'warn', message: 'metadata' },
        attributes: {
          ...{ ...labels, trace_id: 'ff', 'user id': 'ä', detected_level: 'warn' },
          env_extracted: 'other',
        },
      },
      { message: 'no time', attributes: {} },
    ])
  })

  it('takes lines that are JSON objects apart, and keeps every member', async () => {
    await using ingest = await startIngest()
    const lines = [
      '{"level":30,"time":1795953600000,"msg":"paid","order":9007199254740993,"env":"mine","nested":{"a":[1]}}',
      '{"level":"error","service":"inner","message":"from the line"}',
      '{"msg":"same","note":"same","list":["same"]}',
      '{"n":1}',
      '{"text":"\\u0000"}',
      '{"broken',
      '[1]',
      `{"msg":"m","large":"${'x'.repeat(65_536)}"}`,
    ]
    const values = lines.map((line) => [NANOS, line])
    expect((await push(ingest, one({ env: 'test' }, ...values))).statusCode).toBe(204)
    const consumed = await consumedOf(ingest, lines.length)
    const logs = consumed.map(({ timestamp, ...log }) => {
      expect(timestamp).toBe(TIMESTAMP)
      return log
    })
    expect(JSON.stringify(logs[0])).toBe(
      '{"level":"info","message":"paid","attributes":{"env":"test","level":30,"time":1795953600000,' +
        '"order":9007199254740993,"env_extracted":"mine","nested":{"a":[1]}}}',
    )
    expect(logs.slice(1)).toEqual([
      {
        ...{ level: 'error', service: 'inner', message: 'from the line' },
        attributes: { env: 'test', level: 'error', service: 'inner' },
      },
      { message: 'same', attributes: { env: 'test', note: 'same', list: ['same'] } },
      { message: '{"n":1}', attributes: { env: 'test', n: 1 } },
      { message: '{"text":"\\u0000"}', attributes: { env: 'test' } },
      { message: '{"broken', attributes: { env: 'test' } },
      { message: '[1]', attributes: { env: 'test' } },
      { message: lines.at(-1), attributes: { env: 'test' } },
    ])
  })

  it('loses nothing but the line that is wrong, and is never asked for again', async () => {
    await using ingest = await startIngest()
    const values = [
      [NANOS, 'good'],
      [NANOS, 'nul \0'],
      ['x', 'no time'],
      [NANOS, 5],
      'none',
      [NANOS, 'x'.repeat(600_000)],
      [NANOS, 'last', { 'half \ud800': '1' }],
      [NANOS, 'last'],
    ]
    expect((await push(ingest, one({}, ...values))).statusCode).toBe(204)
    expect((await consumedOf(ingest, 2)).map(({ message }) => message)).toEqual(['good', 'last'])
    expect(await ingest.metrics.metrics()).toContain('{kind="logs",outcome="rejected",app="ingest-api"} 6')
  })

  it.each([2, 2000])('of bytes of which some are no UTF-8 loses those lines (%d of them)', async (count) => {
    await using ingest = await startIngest()
    const filler = Array.from({ length: count }, (_, i) => [NANOS, `line ${i} ä`])
    const text = JSON.stringify(one({ app: 'ö' }, ...filler, [NANOS, 'broken $$'], [NANOS, 'last']))
    const bytes = Buffer.from(text)
    bytes.fill(0xff, bytes.indexOf('$$'), bytes.indexOf('$$') + 2)
    expect((await push(ingest, bytes)).statusCode).toBe(204)
    const consumed = await consumedOf(ingest, count + 1)
    expect(consumed[0]).toMatchObject({ service: 'ö', message: 'line 0 ä' })
    expect(consumed.at(-1)).toMatchObject({ message: 'last' })
  })

  it('reads a large body as it reads a small one', async () => {
    await using ingest = await startIngest()
    const lines = Array.from({ length: 3000 }, (_, i) => [
      NANOS,
      `{"n":${i},"text":"${'x'.repeat(250)}"}`,
      { m: 'n' },
    ])
    const body = one({ app: 'shop' }, ...lines, ['x', 'wrong'])
    expect(JSON.stringify(body).length).toBeGreaterThan(512 * 1024)
    expect(
      (await push(ingest, gzipSync(JSON.stringify(body)), { 'content-encoding': 'gzip' })).statusCode,
    ).toBe(204)
    const consumed = await consumedOf(ingest, 3000)
    expect(consumed.map(({ attributes }) => (attributes as JsonObject)['n'])).toEqual(lines.map((_, i) => i))
    expect(consumed[0]).toMatchObject({ service: 'shop', timestamp: TIMESTAMP, attributes: { m: 'n' } })
  })

  it.each([
    ['', 204],
    ['{}', 204],
    ['{"streams":[]}', 204],
    ['{"streams":[{"stream":{"a":"b"},"values":[]}]}', 204],
    ['{"streams":[{"stream":{"a":"b"},"values":[["x","y"]]}]}', 400],
    ['{"streams":{}}', 400],
    ['{"streams":[1]}', 400],
    ['[]', 400],
    ['{', 400],
  ])('%s is answered with %d', async (body, status) => {
    await using ingest = await startIngest()
    const answer = await push(ingest, body)
    expect(answer.statusCode).toBe(status)
    if (status === 400) expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
  })

  it('keeps the tenant, and has the same keys for the same bytes of one tenant alone', async () => {
    await using ingest = await startIngest()
    const body = one({}, [NANOS, 'same'], [NANOS, 'same'])
    for (const tenant of ['a', 'a', 'b'])
      expect((await push(ingest, body, { 'x-scope-orgid': tenant })).statusCode).toBe(204)
    expect((await push(ingest, one({}, ['0', 'no time']))).statusCode).toBe(204)
    const consumed = await consumedOf(ingest, 7)
    expect(consumed[0]).toMatchObject({ attributes: { tenant: 'a' } })
    const keys = ingest.consumed.map(({ key }) => key)
    expect(keys.slice(2, 4)).toEqual(keys.slice(0, 2))
    expect(new Set(keys.slice(0, 6)).size).toBe(4)
    expect(keys[6]).toBeUndefined()
  })
})

describe('a push in Protocol Buffers', () => {
  const streams: PushedStream[] = [
    {
      labels: '{app="shop", path="C:\\temp"}',
      entries: [
        { nanos: BigInt(NANOS), line: 'first', metadata: { level: 'warn', traceId: 'ff' } },
        { nanos: BigInt(NANOS), line: '{"level":50,"msg":"parsed"}' },
      ],
    },
    { labels: '{text="say "hi""}', entries: [{ nanos: 0n, line: 'no time' }] },
  ]

  it.each([
    ['that says nothing of its compression', deflateSnappy, protobuf],
    ['that says that it is snappy', deflateSnappy, { ...protobuf, 'content-encoding': 'snappy' }],
    ['under the name of snappy', deflateSnappy, { 'content-type': 'application/x-snappy' }],
    ['in gzip', gzipSync, { ...protobuf, 'content-encoding': 'gzip' }],
  ] as const)('%s is read', async (_, compress, headers) => {
    await using ingest = await startIngest()
    const answer = await push(ingest, compress(encode(streams)), headers)
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    const labels = { app: 'shop', path: 'C:\\temp' }
    expect(await consumedOf(ingest, 3)).toEqual([
      {
        ...{ timestamp: TIMESTAMP, level: 'warn', service: 'shop', message: 'first' },
        attributes: { ...labels, level: 'warn', traceId: 'ff' },
      },
      {
        ...{ timestamp: TIMESTAMP, level: 'error', service: 'shop', message: 'parsed' },
        attributes: { ...labels, level: 50 },
      },
      { message: 'no time', attributes: { text: 'say "hi"' } },
    ])
  })

  it('loses nothing but the line that is wrong', async () => {
    await using ingest = await startIngest()
    const bytes = encode([
      {
        labels: '{}',
        entries: [
          { nanos: 1n, line: 'good' },
          { nanos: 1n, line: 'bad $$' },
          { nanos: 1n, line: 'nul \0' },
          { nanos: 1n, line: 'last' },
        ],
      },
    ])
    bytes.fill(0xff, bytes.indexOf('$$'), bytes.indexOf('$$') + 2)
    expect((await push(ingest, deflateSnappy(bytes), protobuf)).statusCode).toBe(204)
    expect((await consumedOf(ingest, 2)).map(({ message }) => message)).toEqual(['good', 'last'])
  })

  it.each([
    ['no snappy', Buffer.from('no snappy'), 400],
    ['no message', deflateSnappy(Buffer.from([0x0a, 0xff])), 400],
    ['nothing', Buffer.alloc(0), 204],
    ['an empty message', deflateSnappy(Buffer.alloc(0)), 204],
    ['a length beyond the limit', Buffer.from([0xff, 0xff, 0xff, 0x7f, 0]), 413],
  ])('of %s is answered', async (_, bytes, status) => {
    await using ingest = await startIngest()
    expect((await push(ingest, bytes, protobuf)).statusCode).toBe(status)
  })

  it('may not become many times as large by its labels', async () => {
    await using ingest = await startIngest({ env: { BODY_LIMIT_BYTES: '100000' } })
    const entries = Array.from({ length: 100 }, () => ({ nanos: 1n, line: 'x' }))
    const bytes = encode([{ labels: `{a="${'x'.repeat(20_000)}"}`, entries }])
    expect((await push(ingest, deflateSnappy(bytes), protobuf)).statusCode).toBe(413)
    const large = encode([{ labels: `{a="${'x'.repeat(70_000)}"}`, entries: entries.slice(0, 1) }])
    expect((await push(ingest, deflateSnappy(large), protobuf)).statusCode).toBe(204)
    expect(ingest.consumed).toHaveLength(0)
  })
})

describe('a large body of JSON', () => {
  const limits = { maxItems: 10, bodyLimitBytes: 1e6, eventLimitBytes: 40, textsLimitChars: 1e6 }
  const read = (text: string) => [...readJsonPush(Buffer.from(text), limits)]
  const labelled = (labels: object, ...lines: string[]) => ({
    values: lines.map((line) => [NANOS, line]),
    stream: labels,
  })

  it('may have its members in any order, and twice, of which the last one counts', () => {
    const streams = (...all: object[]) => `"streams":${JSON.stringify(all)}`
    const twice = `{${streams(labelled({ a: 'none' }, 'x'))},"x":[{}],${streams(labelled({ a: '1' }, 'y', 'z'), {})}}`
    const entries = read(twice).filter((entry) => entry !== undefined)
    const nanos = BigInt(NANOS)
    expect(entries).toEqual(
      ['y', 'z'].map((line) => ({ labels: { a: '1' }, nanos, line, metadata: undefined })),
    )
  })

  it('loses nothing for null in the place of what holds others', () => {
    const stream = JSON.stringify(labelled({ a: '1' }, 'x'))
    const all = `{"streams":[null,{"stream":null,"values":null},${stream},null]}`
    const small = [...readJsonPush(Buffer.from(all), { ...limits, eventLimitBytes: 1e6 })]
    for (const found of [read(all), small])
      expect(found.filter((entry) => entry !== undefined)).toMatchObject([{ labels: { a: '1' }, line: 'x' }])
    for (const body of ['null', '{"streams":null}'])
      expect(read(body).filter((entry) => entry !== undefined)).toEqual([])
  })

  it('lets others have the process before its first entry is read', () => {
    const found = read(JSON.stringify({ streams: [labelled({}, 'x', 'x', 'x'), labelled({}, 'x', 'x')] }))
    expect(found.findIndex((entry) => entry !== undefined)).toBeGreaterThanOrEqual(7)
    expect(found.filter((entry) => entry !== undefined)).toHaveLength(5)
  })

  it.each([
    [
      'more entries than are taken',
      [labelled({}, ...Array<string>(6).fill('')), labelled({}, ...Array<string>(5).fill(''))],
      'too_many_items',
    ],
    ['more streams than are taken', Array<object>(11).fill({}), 'too_many_items'],
    ['what is no list', { a: 'x'.repeat(40) }, 'bad_request'],
  ])('with %s is refused', (_, streams, code) => {
    expect(() => read(JSON.stringify({ streams }))).toThrow(expect.objectContaining({ code }))
  })
})

describe('streams without entries', () => {
  it.each([
    ['JSON', () => JSON.stringify({ streams: Array<object>(101).fill({ stream: { a: 'b' } }) }), {}],
    [
      'Protocol Buffers',
      () => deflateSnappy(encode(Array<PushedStream>(101).fill({ labels: '{}', entries: [] }))),
      protobuf,
    ],
  ])('are counted in %s', async (_, write, headers) => {
    const push101 = (ingest: Ingest) => push(ingest, write(), headers)
    await using most = await startIngest({ env: { LARGE_BATCH_LIMIT_ITEMS: '101' } })
    expect((await push101(most)).statusCode).toBe(204)
    for (const env of [{}, { EVENT_LIMIT_BYTES: '1024' }]) {
      await using ingest = await startIngest({ env: { LARGE_BATCH_LIMIT_ITEMS: '100', ...env } })
      expect((await push101(ingest)).statusCode).toBe(413)
    }
  })

  it('let others have the process between them', () => {
    const limits = { maxItems: 1000, bodyLimitBytes: 1e6, eventLimitBytes: 1e6, textsLimitChars: 1e6 }
    const json = Buffer.from(JSON.stringify({ streams: Array<object>(100).fill({}) }))
    const bytes = encode(Array<PushedStream>(100).fill({ labels: '', entries: [] }))
    const pauses = [[...readProtobufPush(bytes, limits)], [...readJsonPush(json, limits)]]
    for (const found of pauses) expect(found).toStrictEqual(Array(100).fill(undefined))
    // A large body is walked over first.
    const large = [...readJsonPush(json, { ...limits, eventLimitBytes: 100 })]
    expect(large).toStrictEqual(Array(200).fill(undefined))
  })
})

it('what passes is answered with 503 and Retry-After, never with 429', async () => {
  await using ingest = await startIngest({ env: { QUEUE_LIMIT_EVENTS: '1' } })
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => push(ingest, one({}, [NANOS, `line ${i}`]))),
  )
  const busy = answers.find(({ statusCode }) => statusCode !== 204)!
  expect([busy.statusCode, busy.headers['retry-after']]).toEqual([503, '1'])
  expect(busy.body).toMatch(/^too_busy: /)
})
