import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { attributes, text } from './arbitrary-values.ts'
import { decodeBody, eventsOf, metricBodies, type MetricsInit } from './otlp-bodies.ts'

const URL = '/v1/metrics'
const TIME = 1_764_000_000_123_456_789n
const AT = '2025-11-24T16:00:00.123456789Z'

function oneMetric(metric: object, attributesOfResource: object[] = []): MetricsInit {
  const resource = { attributes: attributesOfResource }
  return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }] } as MetricsInit
}

/** The contents of `data` of all rows. */
async function both(init: MetricsInit): Promise<Record<string, unknown>[]> {
  const { json, protobuf } = metricBodies(init)
  const events = await eventsOf('json', URL, json)
  expect(await eventsOf('protobuf', URL, protobuf)).toEqual(events)
  return events.map((event) => (event as { data: Record<string, unknown> }).data)
}

async function refused(init: MetricsInit) {
  const { json, protobuf } = metricBodies(init)
  const { rejected, texts } = await decodeBody('protobuf', URL, protobuf)
  expect(await decodeBody('json', URL, json)).toMatchObject({ rejected, texts })
  return { rejected, stored: texts.length }
}

const nanos = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const count = nanos
const int = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const optionalDouble = fc.option(fc.double(), { nil: undefined })
const own = attributes.map((one) => one.attributes)
const number = fc.oneof(
  fc.double().map((value) => ({ case: 'asDouble' as const, value })),
  int.map((value) => ({ case: 'asInt' as const, value })),
  fc.constant({ case: undefined }),
)
const exemplars = fc.array(
  fc.record({
    timeUnixNano: nanos,
    value: number,
    filteredAttributes: own,
    traceId: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    spanId: fc.uint8Array({ maxLength: 8 }),
  }),
  { maxLength: 2 },
)
const point = { attributes: own, startTimeUnixNano: nanos, timeUnixNano: nanos, flags: fc.nat(3), exemplars }
const parts = { count, sum: optionalDouble, min: optionalDouble, max: optionalDouble }
const buckets = fc.option(
  fc.record({ offset: fc.integer(), bucketCounts: fc.array(count, { maxLength: 4 }) }),
  { nil: undefined },
)
const points = (one: fc.Arbitrary<unknown>) => fc.array(one, { maxLength: 3 })
const numbers = points(fc.record({ ...point, value: number }))
const temporality = fc.nat(4)

const data = fc.oneof(
  numbers.map((dataPoints) => ({ case: 'gauge', value: { dataPoints } })),
  fc
    .record({ dataPoints: numbers, aggregationTemporality: temporality, isMonotonic: fc.boolean() })
    .map((value) => ({ case: 'sum', value })),
  fc
    .record({
      aggregationTemporality: temporality,
      dataPoints: points(
        fc.record({
          ...point,
          ...parts,
          bucketCounts: fc.array(count, { maxLength: 4 }),
          explicitBounds: fc.array(fc.double(), { maxLength: 3 }),
        }),
      ),
    })
    .map((value) => ({ case: 'histogram', value })),
  fc
    .record({
      aggregationTemporality: temporality,
      dataPoints: points(
        fc.record({
          ...point,
          ...parts,
          scale: fc.integer(),
          zeroCount: count,
          zeroThreshold: fc.double(),
          positive: buckets,
          negative: buckets,
        }),
      ),
    })
    .map((value) => ({ case: 'exponentialHistogram', value })),
  points(
    fc.record({
      attributes: own,
      startTimeUnixNano: nanos,
      timeUnixNano: nanos,
      flags: fc.nat(3),
      count,
      sum: fc.double(),
      quantileValues: fc.array(fc.record({ quantile: fc.double(), value: fc.double() }), { maxLength: 3 }),
    }),
  ).map((dataPoints) => ({ case: 'summary', value: { dataPoints } })),
  fc.constant({ case: undefined }),
)

const requests = fc
  .array(
    fc.record({
      resource: fc.record({ attributes: own }),
      scopeMetrics: fc.array(
        fc.record({
          metrics: fc.array(fc.record({ name: text, unit: text, description: text, data, metadata: own }), {
            maxLength: 3,
          }),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 2 },
  )
  .map((resourceMetrics) => ({ resourceMetrics }) as MetricsInit)

describe('metrics of OTLP', () => {
  it('are the same rows and refusals in both encodings, whatever is in them', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (init) => {
        await both(init)
        await refused(init)
      }),
    )
  })

  it('become a row or are refused: no point is counted twice or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (init) => {
        const { indexes, rejected } = await decodeBody('protobuf', URL, metricBodies(init).protobuf)
        const counted = new Set([...indexes!, ...rejected!.map(({ index }) => index)])
        const sent = init.resourceMetrics!.flatMap(({ scopeMetrics }) =>
          scopeMetrics!.flatMap(({ metrics }) =>
            metrics!.flatMap(
              (metric) => (metric.data?.value as { dataPoints?: unknown[] })?.dataPoints ?? [],
            ),
          ),
        )
        expect([...counted].sort((a, b) => a - b)).toEqual(sent.map((_, i) => i))
      }),
    )
  })

  it('have what their instrument says beside the value', async () => {
    const dataPoints = [
      {
        timeUnixNano: TIME,
        startTimeUnixNano: TIME - 123_456_789n,
        value: { case: 'asDouble', value: 1.5 },
        exemplars: [
          { timeUnixNano: TIME, value: { case: 'asInt', value: 2n }, spanId: Buffer.from('ab', 'hex') },
        ],
      },
    ]
    const sum = { case: 'sum', value: { aggregationTemporality: 2, isMonotonic: true, dataPoints } }
    expect(await both(oneMetric({ name: 'm', unit: 's', description: 'd', data: sum }))).toEqual([
      {
        name: 'm',
        value: 1.5,
        unit: 's',
        tags: {},
        timestamp: AT,
        kind: 'sum',
        temporality: 'cumulative',
        monotonic: true,
        start: '2025-11-24T16:00:00.000000000Z',
        exemplars: [{ value: 2, timestamp: AT, spanId: 'ab' }],
        description: 'd',
      },
    ])
  })

  it('have tags of resource and point, plain, with the service under its own name', async () => {
    const value = (key: string, any: object) => ({ key, value: { value: any } })
    const string = (text: string) => ({ case: 'stringValue', value: text })
    const list = { case: 'arrayValue', value: { values: [{ value: { case: 'intValue', value: 1n } }] } }
    const gauge = (attributes: object[]) => ({
      case: 'gauge',
      value: { dataPoints: [{ attributes, value: { case: 'asInt', value: 1n } }] },
    })
    const resource = [value('service.name', string('shop')), value('host', string('a'))]
    const tagsOf = async (...attributes: object[]) => {
      const [row] = await both(oneMetric({ name: 'm', data: gauge(attributes) }, resource))
      return row!['tags']
    }
    expect(await tagsOf(value('list', list), value('big', { case: 'intValue', value: 2n ** 60n }))).toEqual({
      service: 'shop',
      host: 'a',
      list: '[1]',
      big: String(2n ** 60n),
    })
    expect(await tagsOf(value('service', string('other')))).toEqual({
      service: 'other',
      'service.name': 'shop',
      host: 'a',
    })
  })

  it('keep integers that no double holds', async () => {
    const large = { case: 'asInt', value: 9_007_199_254_740_993n }
    const { protobuf } = metricBodies(
      oneMetric({ name: 'm', data: { case: 'gauge', value: { dataPoints: [{ value: large }] } } }),
    )
    const { texts } = await decodeBody('protobuf', URL, protobuf)
    expect(texts[0]).toContain('"value":9007199254740993,"exact":"9007199254740993"')
  })

  it('of histograms are one row without a value, and one for each of its parts', async () => {
    const dataPoints = [
      {
        timeUnixNano: TIME,
        count: 3n,
        sum: 6,
        min: 1,
        max: 3,
        explicitBounds: [1, 2],
        bucketCounts: [1n, 1n, 1n],
      },
      { timeUnixNano: TIME, count: 1n, sum: NaN },
    ]
    const rows = await both(
      oneMetric({
        name: 'h',
        unit: 'ms',
        data: { case: 'histogram', value: { aggregationTemporality: 1, dataPoints } },
      }),
    )
    const about = { tags: {}, timestamp: AT, kind: 'histogram', temporality: 'delta' }
    const whole = { count: 3, sum: 6, min: 1, max: 3, explicitBounds: [1, 2], bucketCounts: [1, 1, 1] }
    expect(rows).toEqual([
      { name: 'h', unit: 'ms', histogram: whole, ...about },
      { name: 'h_count', value: 3, ...about },
      { name: 'h_sum', value: 6, unit: 'ms', ...about },
      { name: 'h_min', value: 1, unit: 'ms', ...about },
      { name: 'h_max', value: 3, unit: 'ms', ...about },
      {
        name: 'h',
        unit: 'ms',
        histogram: { count: 1, sum: 'NaN', explicitBounds: [], bucketCounts: [] },
        ...about,
      },
      { name: 'h_count', value: 1, ...about },
    ])
  })

  it('of summaries have their quantiles in the row of the whole', async () => {
    const dataPoints = [
      { timeUnixNano: TIME, count: 4n, sum: 10, quantileValues: [{ quantile: 0.5, value: NaN }] },
    ]
    const [whole, ...rows] = await both(
      oneMetric({ name: 's', data: { case: 'summary', value: { dataPoints } } }),
    )
    expect(whole).toMatchObject({
      summary: { count: 4, sum: 10, quantiles: [{ quantile: 0.5, value: 'NaN' }] },
    })
    expect(rows.map(({ name, value }) => [name, value])).toEqual([
      ['s_count', 4],
      ['s_sum', 10],
    ])
  })

  it.each([
    ['no number', { value: { case: 'asDouble', value: NaN } }, 'number_out_of_range'],
    ['no end', { value: { case: 'asDouble', value: -Infinity } }, 'number_out_of_range'],
    ['no value', {}, 'missing_field'],
    ['a value that was not recorded', { flags: 1, value: { case: 'asInt', value: 1n } }, 'missing_field'],
  ])('with %s cost their point only', async (_, bad, code) => {
    const good = { value: { case: 'asInt', value: 1n } }
    const gauge = { case: 'gauge', value: { dataPoints: [good, bad, good] } }
    expect(await refused(oneMetric({ name: 'm', data: gauge }))).toMatchObject({
      stored: 2,
      rejected: [{ index: 1, code, field: 'value' }],
    })
  })

  it('without a name are refused with all their points', async () => {
    const gauge = { case: 'gauge', value: { dataPoints: [{}, {}] } }
    expect(await refused(oneMetric({ data: gauge }))).toMatchObject({
      stored: 0,
      rejected: [
        { index: 0, code: 'missing_field', field: 'name' },
        { index: 1, code: 'missing_field', field: 'name' },
      ],
    })
  })
})
