import { describe, expect, it } from '@jest/globals'
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import { eventually } from '@runnel/testing'
import { WriteRequestSchema } from '@runnel/wire/prometheus/remote'
import { RequestSchema } from '@runnel/wire/prometheus/write/v2/types'
import { deflateSnappy } from '@runnel/wire/snappy'
import { startIngest, type Answer, type Ingest } from './ingest.ts'

const AT = 1_795_953_600_123
const TIME = '2026-11-29T12:00:00.123Z'
const TYPE = 'application/x-protobuf'
const TYPE_2 = `${TYPE};proto=io.prometheus.write.v2.Request`

type Series = Exclude<
  NonNullable<MessageInitShape<typeof WriteRequestSchema>['timeseries']>[number],
  { readonly $typeName: string }
>

const labels = (tags: Record<string, string>) =>
  Object.entries(tags).map(([name, value]) => ({ name, value }))
const sample = (value: number, at = AT) => ({ value, timestamp: BigInt(at) })
const series = (tags: Record<string, string>, ...values: number[]) => ({
  labels: labels(tags),
  samples: values.map((value) => sample(value)),
})
const encode = (timeseries: Series[]) =>
  Buffer.from(toBinary(WriteRequestSchema, create(WriteRequestSchema, { timeseries })))

const post = (ingest: Ingest, bytes: Buffer, headers: Record<string, string> = {}, url = '/api/v1/write') =>
  ingest.post(url, bytes, {
    ...{ 'content-type': TYPE, 'content-encoding': 'snappy', 'x-prometheus-remote-write-version': '0.1.0' },
    ...headers,
  })
const postSeries = (ingest: Ingest, timeseries: Series[], headers?: Record<string, string>) =>
  post(ingest, deflateSnappy(encode(timeseries)), headers)

async function consumed(ingest: Ingest, count: number) {
  await eventually(() => ingest.consumed.length >= count)
  expect(ingest.consumed).toHaveLength(count)
  return ingest.consumed.map(({ data }) => (data as { data: Record<string, unknown> }).data)
}

const counted = async (ingest: Ingest, outcome: string) =>
  (await ingest.metrics.metrics()).match(new RegExp(`kind="metrics",outcome="${outcome}",[^}]*} (\\d+)`))?.[1]

const isEmpty204 = (answer: Answer) => expect([answer.statusCode, answer.body]).toEqual([204, ''])

describe('remote write 1.0', () => {
  it.each(['/api/v1/write', '/api/v1/prom/write'])('keeps every sample of a request to %s', async (url) => {
    await using ingest = await startIngest()
    const body = encode([
      series({ __name__: 'up', job: 'shop', city: 'Köln 😀' }, 1.5, -0.25),
      series({ __name__: 'large', job: 'shop' }, 2 ** 60),
    ])
    isEmpty204(await post(ingest, deflateSnappy(body), {}, url))
    const tags = { job: 'shop', city: 'Köln 😀' }
    expect(await consumed(ingest, 3)).toEqual([
      { name: 'up', value: 1.5, tags, timestamp: TIME },
      { name: 'up', value: -0.25, tags, timestamp: TIME },
      { name: 'large', value: 2 ** 60, tags: { job: 'shop' }, timestamp: TIME },
    ])
  })

  it('reads snappy without a word about it, and other encodings by their name', async () => {
    await using ingest = await startIngest()
    const bytes = encode([series({ __name__: 'up' }, 1)])
    const bare = { method: 'POST' as const, url: '/api/v1/write', headers: { 'content-type': TYPE } }
    isEmpty204(await ingest.inject({ ...bare, payload: deflateSnappy(bytes) }))
    isEmpty204(await post(ingest, Buffer.alloc(0)))
    isEmpty204(await ingest.inject({ ...bare, url: '/api/v1/write?get_vm_proto_version=1' }))
    await consumed(ingest, 1)
  })

  it('keeps what is no number by its name, a stale marker by its bits', async () => {
    await using ingest = await startIngest()
    const body = encode([series({ __name__: 'x' }, NaN, Infinity, -Infinity, 7)])
    const stale = encode([series({ __name__: 'x' }, 1.25)])
    // A number of JavaScript need not keep the bits of a NaN: they are written into the bytes.
    const bits = Buffer.alloc(8)
    bits.writeDoubleLE(1.25)
    const at = stale.indexOf(bits)
    stale.writeBigUInt64LE(0x7ff0000000000002n, at)
    isEmpty204(await post(ingest, deflateSnappy(Buffer.concat([body, stale]))))
    const rest = { name: 'x', tags: {}, timestamp: TIME }
    expect(await consumed(ingest, 5)).toEqual([
      { ...rest, special: 'NaN' },
      { ...rest, special: '+Inf' },
      { ...rest, special: '-Inf' },
      { ...rest, value: 7 },
      { ...rest, special: 'stale' },
    ])
  })

  it('loses a bad series alone, and counts its samples', async () => {
    await using ingest = await startIngest()
    const twice = {
      labels: [...labels({ __name__: 'x', a: '1' }), { name: 'a', value: '2' }],
      samples: [sample(1)],
    }
    const broken = encode([series({ __name__: 'x', a: 'zz' }, 1)])
    broken[broken.indexOf('zz')] = 0xff
    const body = encode([
      series({ job: 'no name' }, 1, 2),
      twice,
      series({ __name__: 'x', '': 'no label' }, 1),
      series({ __name__: 'x', nul: 'a\0b' }, 1),
      { ...series({ __name__: 'x' }), samples: [sample(1, 9e15)] },
      series({ z: '', __name__: 'x', b: '1', a: '2', __proto__: 'p' }, 3),
    ])
    isEmpty204(await post(ingest, deflateSnappy(Buffer.concat([broken, body]))))
    const [kept] = await consumed(ingest, 1)
    expect(kept).toMatchObject({ name: 'x', value: 3, tags: { a: '2', b: '1' } })
    expect(await counted(ingest, 'rejected')).toBe('7')
  })

  it('keeps exemplars beside what they are about, and alone where that is not there', async () => {
    await using ingest = await startIngest()
    const exemplar = { labels: labels({ trace_id: 'abc' }), value: 0.5, timestamp: BigInt(AT) }
    const counter = { ...series({ __name__: 'x_total' }, 1, 2), exemplars: [exemplar] }
    isEmpty204(await postSeries(ingest, [counter, { ...counter, samples: [] }]))
    const exemplars = [{ value: 0.5, timestamp: TIME, labels: { trace_id: 'abc' } }]
    expect(await consumed(ingest, 3)).toEqual([
      { name: 'x_total', value: 1, tags: {}, timestamp: TIME },
      { name: 'x_total', value: 2, tags: {}, timestamp: TIME, exemplars },
      { name: 'x_total', tags: {}, timestamp: TIME, exemplars },
    ])
  })

  it('keeps a native histogram whole, and its count and sum as metrics', async () => {
    await using ingest = await startIngest()
    const histogram = {
      count: { case: 'countInt', value: 2n ** 53n + 1n },
      sum: 18.4,
      schema: 1,
      zeroThreshold: 0.001,
      zeroCount: { case: 'zeroCountInt', value: 2n },
      positiveSpans: [{ offset: -1, length: 2 }],
      positiveDeltas: [1n, -1n],
      resetHint: 2,
      timestamp: BigInt(AT),
    } satisfies NonNullable<Series['histograms']>[number]
    isEmpty204(await postSeries(ingest, [{ labels: labels({ __name__: 'h' }), histograms: [histogram] }]))
    const rest = { tags: {}, timestamp: TIME }
    const [whole, count, sum] = await consumed(ingest, 3)
    expect(JSON.stringify(whole)).toContain('"count":9007199254740993')
    expect(whole).toMatchObject({
      name: 'h',
      nativeHistogram: {
        ...{ schema: 1, sum: 18.4, zeroThreshold: 0.001, zeroCount: 2, resetHint: 'no' },
        ...{ positiveSpans: [{ offset: -1, length: 2 }], positiveDeltas: [1, -1] },
      },
      ...rest,
    })
    expect(whole).not.toHaveProperty('value')
    expect(JSON.stringify(count)).toContain('"value":9007199254740993')
    expect(count).toMatchObject({ name: 'h_count', exact: '9007199254740993', ...rest })
    expect(sum).toEqual({ name: 'h_sum', value: 18.4, ...rest })
  })

  it('keeps a native histogram of floats as one, and its stale marker as the end of it', async () => {
    await using ingest = await startIngest()
    const float = { count: { case: 'countFloat', value: 2 }, sum: 1, timestamp: BigInt(AT) } as const
    const bytes = encode([
      { labels: labels({ __name__: 'h' }), histograms: [float, { ...float, sum: 1.25 }] },
    ])
    const bits = Buffer.alloc(8)
    bits.writeDoubleLE(1.25)
    bytes.writeBigUInt64LE(0x7ff0000000000002n, bytes.indexOf(bits))
    isEmpty204(await post(ingest, deflateSnappy(bytes)))
    const [whole, , , marker, count, sum] = await consumed(ingest, 6)
    expect(whole).toMatchObject({ nativeHistogram: { isFloat: true, count: 2 } })
    expect(whole).not.toHaveProperty('special')
    expect(marker).toMatchObject({ special: 'stale', nativeHistogram: { isFloat: true } })
    expect([count, sum]).toEqual([
      expect.objectContaining({ name: 'h_count', special: 'stale' }),
      expect.objectContaining({ name: 'h_sum', special: 'stale' }),
    ])
  })

  it('has nothing to say about metadata alone', async () => {
    await using ingest = await startIngest()
    const metadata = [{ type: 1, metricFamilyName: 'x_total', help: 'X', unit: '' }] as const
    const bytes = toBinary(WriteRequestSchema, create(WriteRequestSchema, { metadata: [...metadata] }))
    isEmpty204(await post(ingest, deflateSnappy(Buffer.from(bytes))))
  })

  it('gives the same bytes the same keys, unless another tenant sends them', async () => {
    await using ingest = await startIngest()
    const body = [series({ __name__: 'x' }, 1, 1)]
    await postSeries(ingest, body)
    await postSeries(ingest, body)
    await postSeries(ingest, body, { 'x-scope-orgid': 'team-a' })
    const data = await consumed(ingest, 6)
    const names = ingest.consumed.map(({ key, item }) => `${key} ${item}`)
    expect(new Set(names).size).toBe(4)
    expect(names.slice(0, 2)).toEqual(names.slice(2, 4))
    expect(data[5]).toMatchObject({ tags: { tenant: 'team-a' } })
  })
})

describe('remote write 2.0', () => {
  const symbols = ['', '__name__', 'x_total', 'job', 'shop', 'seconds', 'trace_id', 'abc']
  const write = (timeseries: NonNullable<MessageInitShape<typeof RequestSchema>['timeseries']>) =>
    deflateSnappy(Buffer.from(toBinary(RequestSchema, create(RequestSchema, { symbols, timeseries }))))
  const written = ({ headers }: Answer) =>
    ['samples', 'histograms', 'exemplars'].map((what) => headers[`x-prometheus-remote-write-${what}-written`])
  const refs = { labelsRefs: [1, 2, 3, 4] }

  it('keeps samples with type, unit and start, and says what it has written', async () => {
    await using ingest = await startIngest()
    const exemplars = [{ labelsRefs: [6, 7], value: 1, timestamp: BigInt(AT) }]
    const body = write([
      {
        ...{ ...refs, samples: [sample(1), sample(2)], exemplars },
        ...{ metadata: { type: 1, unitRef: 5 }, createdTimestamp: BigInt(AT) },
      },
      { ...refs, histograms: [{ count: { case: 'countInt', value: 1n }, sum: 1, timestamp: BigInt(AT) }] },
      { ...refs, exemplars },
    ])
    const answer = await post(ingest, body, { 'content-type': TYPE_2 })
    isEmpty204(answer)
    expect(written(answer)).toEqual(['2', '1', '2'])
    const rest = { tags: { job: 'shop' }, timestamp: TIME }
    const [first] = await consumed(ingest, 6)
    expect(first).toEqual({
      ...{ name: 'x_total', value: 1, unit: 'seconds', kind: 'counter', start: TIME },
      ...rest,
    })
  })

  it('loses a series without its texts, and does not count it as written', async () => {
    await using ingest = await startIngest()
    const body = write([
      { labelsRefs: [1, 2, 3], samples: [sample(1)] },
      { labelsRefs: [1, 99], samples: [sample(1)] },
      { labelsRefs: [3, 4], samples: [sample(1)] },
      { ...refs, samples: [sample(1), sample(1, 9e15)] },
    ])
    const answer = await post(ingest, body, { 'content-type': TYPE_2 })
    expect(written(answer)).toEqual(['1', '0', '0'])
    await consumed(ingest, 1)
    expect(await counted(ingest, 'rejected')).toBe('4')
  })

  it('is distinguished from the first version by the content type alone', async () => {
    await using ingest = await startIngest()
    const bytes = encode([series({ __name__: 'x' }, 1)])
    const named = { 'content-type': `${TYPE};proto=prometheus.WriteRequest` }
    isEmpty204(await post(ingest, deflateSnappy(bytes), named))
    const answer = await post(ingest, deflateSnappy(bytes), { 'content-type': `${TYPE};proto=other.Message` })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([415, 'text/plain; charset=utf-8'])
  })
})

describe('what remote write answers', () => {
  it.each<[string, Buffer, Record<string, string>, number]>([
    ['no snappy', Buffer.from('hello, world'), {}, 400],
    ['no message', deflateSnappy(Buffer.from([0x0a, 0x7f, 0x01])), {}, 400],
    ['an unknown media type', Buffer.from('x'), { 'content-type': 'text/x' }, 415],
    ['an unknown encoding', Buffer.from('x'), { 'content-encoding': 'lz4' }, 415],
    ['a header that announces too much', Buffer.from([0xff, 0xff, 0xff, 0x7f, 0x00]), {}, 413],
  ])('to %s is a sentence', async (_, bytes, headers, status) => {
    await using ingest = await startIngest()
    const answer = await post(ingest, bytes, headers)
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'text/plain; charset=utf-8'])
    expect(answer.body).toMatch(/^[A-Z].+\n$/)
  })

  it('to a body beyond the limit of others is a success', async () => {
    const env = { BODY_LIMIT_BYTES: '2000', BATCH_LIMIT_ITEMS: '10', EVENT_LIMIT_BYTES: '2000' }
    await using ingest = await startIngest({ env })
    const many = Array.from({ length: 200 }, (_, i) => series({ __name__: 'x', at: String(i * 7919) }, i))
    const bytes = deflateSnappy(encode(many))
    expect(bytes.length).toBeGreaterThan(2000)
    isEmpty204(await post(ingest, bytes))
    await consumed(ingest, 200)
  })

  it('to labels that would come to gigabytes beside their samples is a refusal', async () => {
    await using ingest = await startIngest()
    const values = Array.from({ length: 800 }, (_, i) => i)
    const answer = await postSeries(ingest, [
      series({ __name__: 'x', large: 'v'.repeat(100_000) }, ...values),
    ])
    expect([answer.statusCode, answer.body]).toEqual([
      413,
      'The events of the body come to more than 67108864 characters\n',
    ])
  })

  it('where it is busy is 503, for 429 would be the end of a batch', async () => {
    await using ingest = await startIngest({ env: { QUEUE_LIMIT_EVENTS: '1' } })
    const send = (i: number) => postSeries(ingest, [series({ __name__: 'x', i: String(i) }, 1)])
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => send(i)))
    const busy = answers.filter(({ statusCode }) => statusCode !== 204)
    expect(busy.length).toBeGreaterThan(0)
    for (const { statusCode, headers } of busy)
      expect([statusCode, headers['retry-after']]).toEqual([503, '1'])
  })
})
