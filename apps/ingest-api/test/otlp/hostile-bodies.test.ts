import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { describe, expect, it } from '@jest/globals'
import { decodeRequest } from '../../src/formats/otlp/decode-request.ts'
import { openJson } from '../../src/formats/otlp/json-source.ts'
import { logSignal } from '../../src/formats/otlp/log-signal.ts'
import type { MessageSource } from '../../src/formats/otlp/message-source.ts'
import { metricSignal } from '../../src/formats/otlp/metric-signal.ts'
import { openProtobuf } from '../../src/formats/otlp/protobuf-source.ts'
import { decodeBody, LIMITS, logBodies, metricBodies } from './otlp-bodies.ts'

const URL = '/v1/logs'

/** A message with one field of bytes. */
const wrap = (number: number, ...contents: Uint8Array[]) => {
  const writer = new BinaryWriter()
  for (const content of contents) writer.tag(number, WireType.LengthDelimited).bytes(content)
  return writer.finish()
}

/** A request with records as bytes. */
const requestOf = (...records: Uint8Array[]) => Buffer.from(wrap(1, wrap(2, wrap(2, ...records))))

const text = (bytes: Uint8Array) => wrap(1, bytes)
const body = (any: Uint8Array) => wrap(5, any)
const GOOD = body(text(Buffer.from('good')))

describe('a record of Protocol Buffers', () => {
  it.each<[string, Uint8Array]>([
    ['is no UTF-8', body(text(Buffer.from([0xff])))],
    ['ends early', GOOD.subarray(0, 3)],
    ['has a text that ends early', body(Buffer.from([0x0a, 0x7f]))],
    ['is nested too deeply', body(nest(3000))],
  ])('that %s costs only itself', async (_, bad) => {
    const { texts, rejected } = await decodeBody('protobuf', URL, requestOf(GOOD, bad, GOOD))
    expect(texts).toHaveLength(2)
    expect(rejected).toMatchObject([{ index: 1, code: 'invalid_field' }])
  })

  it('is as good as its resource: one that is no UTF-8 costs its own records', async () => {
    const resource = wrap(1, wrap(1, wrap(1, Buffer.from([0xff]))))
    const bad = wrap(1, Buffer.concat([resource, wrap(2, wrap(2, GOOD, GOOD))]))
    const { texts, rejected } = await decodeBody('protobuf', URL, Buffer.concat([bad, requestOf(GOOD)]))
    expect(texts).toHaveLength(1)
    expect(rejected).toMatchObject([{ index: 0 }, { index: 1 }])
  })

  it.each<[string, Buffer]>([
    ['ends early', Buffer.from([0x0a, 0x7f, 1])],
    ['has a number for a resource', Buffer.from([0x08, 0x01])],
    ['has a field of no number', Buffer.from([0x00, 0x01])],
    ['has a resource that ends early', Buffer.from(wrap(1, Buffer.from([0x12, 0x05, 0x01])))],
  ])('is not looked for in a body that %s', async (_, bytes) => {
    await expect(async () => decodeBody('protobuf', URL, bytes)).rejects.toMatchObject({
      code: 'bad_request',
    })
  })
})

/** Lists within lists. */
function nest(depth: number): Uint8Array {
  let any: Uint8Array = text(Buffer.from('x'))
  for (let i = 0; i < depth; i++) any = wrap(5, wrap(1, any))
  return any
}

describe('a body of JSON', () => {
  it('that is no UTF-8 loses only the records that are damaged', async () => {
    const [before, after] = [
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"ä"}},',
      ']}]}]}',
    ]
    const bad = Buffer.from('{"body":{"stringValue":"?"}}')
    bad[bad.indexOf('?')] = 0xff
    const bytes = Buffer.concat([Buffer.from(before!), bad, Buffer.from(`,{"severityText":"é"}${after}`)])
    const { texts, rejected } = await decodeBody('json', URL, bytes)
    expect(texts.map((one) => JSON.parse(one) as unknown)).toEqual([
      { message: 'ä', attributes: {} },
      { severityText: 'é', attributes: {} },
    ])
    expect(rejected).toMatchObject([{ index: 1, code: 'bad_encoding' }])
  })
})

describe.each(['json', 'protobuf'] as const)('in %s', (encoding) => {
  it('a body with more records than are taken is refused', async () => {
    const bodies = logBodies({ resourceLogs: [{ scopeLogs: [{ logRecords: Array<object>(11).fill({}) }] }] })
    const limits = { ...LIMITS, maxItems: 10 }
    await expect(async () => decodeBody(encoding, URL, bodies[encoding], limits)).rejects.toMatchObject({
      code: 'too_many_items',
    })
  })

  it('so is one with as many scopes, though they hold no record', async () => {
    const bodies = logBodies({ resourceLogs: Array<object>(6).fill({ scopeLogs: [{}] }) })
    const limits = { ...LIMITS, maxItems: 10 }
    await expect(async () => decodeBody(encoding, URL, bodies[encoding], limits)).rejects.toMatchObject({
      code: 'too_many_items',
    })
  })

  it('a record that is larger than an event may be is not read', async () => {
    const record = (length: number) => ({
      body: { value: { case: 'stringValue' as const, value: 'x'.repeat(length) } },
    })
    const bodies = logBodies({ resourceLogs: [{ scopeLogs: [{ logRecords: [record(2000), record(1)] }] }] })
    const limits = { ...LIMITS, eventLimitBytes: 1024 }
    expect(await decodeBody(encoding, URL, bodies[encoding], limits)).toMatchObject({
      indexes: [1],
      rejected: [{ index: 0, code: 'body_too_large' }],
    })
  })

  it('so is none whose resource is larger than an event may be', async () => {
    const value = { value: { case: 'stringValue' as const, value: 'x'.repeat(2000) } }
    const resource = { attributes: [{ key: 'large', value }] }
    const bodies = logBodies({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [{}, {}] }] }] })
    const limits = { ...LIMITS, eventLimitBytes: 1024 }
    expect(await decodeBody(encoding, URL, bodies[encoding], limits)).toMatchObject({
      texts: [],
      rejected: [{ code: 'body_too_large' }, { code: 'body_too_large' }],
    })
  })

  it('a large resource may not be repeated with thousands of small records', async () => {
    const value = { value: { case: 'stringValue' as const, value: 'x'.repeat(5000) } }
    const resource = { attributes: [{ key: 'large', value }] }
    const bodies = logBodies({
      resourceLogs: [{ resource, scopeLogs: [{ logRecords: Array<object>(30).fill({ flags: 1 }) }] }],
    })
    const limits = { ...LIMITS, textsLimitChars: 100_000 }
    await expect(async () => decodeBody(encoding, URL, bodies[encoding], limits)).rejects.toMatchObject({
      code: 'body_too_large',
    })
  })
})

describe('fields of Protocol Buffers that are not known', () => {
  /** Field 15, a number. */
  const unknown = (count: number) => Buffer.alloc(2 * count, Buffer.from([0x78, 1]))
  const resourceOf = (...fields: Uint8Array[]) => Buffer.from(wrap(1, Buffer.concat(fields)))
  const scope = wrap(2, wrap(2, GOOD))
  const resource = wrap(
    1,
    wrap(1, Buffer.concat([wrap(1, Buffer.from('k')), wrap(2, text(Buffer.from('v')))])),
  )

  it('cost nothing wherever they stand', async () => {
    const bytes = Buffer.concat([
      unknown(10_000),
      resourceOf(unknown(20_000), scope, unknown(20_000), resource, unknown(1), scope, unknown(20_000)),
      unknown(10_000),
    ])
    const { texts, rejected } = await decodeBody('protobuf', URL, bytes)
    expect(texts.map((one) => JSON.parse(one) as unknown)).toEqual(
      Array(2).fill({ message: 'good', attributes: { k: 'v' } }),
    )
    expect(rejected).toEqual([])
  })

  it.each([
    ['a request', unknown(100_001)],
    ['a resource', resourceOf(unknown(100_001))],
    ['a scope', resourceOf(wrap(2, unknown(100_001)))],
  ])('are limited in %s', async (_, bytes) => {
    await expect(async () => decodeBody('protobuf', URL, bytes)).rejects.toMatchObject({
      code: 'bad_request',
    })
  })
})

it('a metric that cannot be read is read once, and costs each of its points', () => {
  const metrics = [{ data: { case: 'gauge' as const, value: { dataPoints: Array<object>(50).fill({}) } } }]
  const { protobuf } = metricBodies({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
  const source = openProtobuf(protobuf, LIMITS.eventLimitBytes)
  const read: string[] = []
  const counting: typeof source = {
    ...source,
    read: (schema, piece) => {
      read.push(schema.name)
      return source.read(schema, piece)
    },
  }
  const steps = decodeRequest(metricSignal, counting, LIMITS, false)
  let step = steps.next()
  while (!step.done) step = steps.next()
  expect(step.value.rejected).toHaveLength(50)
  expect(read.filter((name) => name === 'Metric')).toHaveLength(1)
})

/** As many records as a body of 5 MiB holds; `decode` may be interrupted after each of the steps that are looked at here. */
describe.each(['json', 'protobuf'] as const)('a large body in %s', (encoding) => {
  it.each(['records', 'scopes'])('of many %s is read in steps of a few records', (many) => {
    const value = { case: 'stringValue' as const, value: 'x'.repeat(200) }
    const logRecord = { timeUnixNano: 1n, body: { value }, traceId: Buffer.alloc(16, 1) }
    const logRecords = Array<object>(14_000).fill(logRecord)
    const scopeLogs =
      many === 'records' ? [{ logRecords }] : logRecords.map((record) => ({ logRecords: [record] }))
    const body = logBodies({ resourceLogs: [{ scopeLogs }] })[encoding]
    const source =
      encoding === 'json'
        ? openJson(body, LIMITS.eventLimitBytes)
        : openProtobuf(body, LIMITS.eventLimitBytes)
    const steps = decodeRequest(logSignal, source as MessageSource<unknown>, LIMITS, false)
    let taken = 0
    let step = steps.next()
    for (; !step.done; step = steps.next()) taken++
    expect(step.value.texts).toHaveLength(14_000)
    // A record costs some 500 to 700, a step 16,384.
    expect(taken).toBeGreaterThan(14_000 / 40)
  })

  it('of metrics without points is read in a step of each', () => {
    const metrics = Array<object>(500).fill({ name: 'm' })
    const body = metricBodies({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })[encoding]
    const source =
      encoding === 'json'
        ? openJson(body, LIMITS.eventLimitBytes)
        : openProtobuf(body, LIMITS.eventLimitBytes)
    const steps = decodeRequest(metricSignal, source as MessageSource<unknown>, LIMITS, false)
    let taken = 0
    while (!steps.next().done) taken++
    expect(taken).toBeGreaterThanOrEqual(500)
  })

  it('of one metric with many points is read so as well', () => {
    const dataPoints = Array<object>(14_000).fill({
      timeUnixNano: 1n,
      value: { case: 'asInt', value: 1n },
      attributes: [{ key: 'k', value: { value: { case: 'stringValue', value: 'x'.repeat(100) } } }],
    })
    const metrics = [{ name: 'm', data: { case: 'gauge' as const, value: { dataPoints } } }]
    const body = metricBodies({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })[encoding]
    const source =
      encoding === 'json'
        ? openJson(body, LIMITS.eventLimitBytes)
        : openProtobuf(body, LIMITS.eventLimitBytes)
    const steps = decodeRequest(metricSignal, source as MessageSource<unknown>, LIMITS, false)
    let taken = 0
    while (!steps.next().done) taken++
    expect(taken).toBeGreaterThan(14_000 / 50)
  })
})
