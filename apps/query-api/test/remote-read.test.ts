import { beforeAll, describe, expect, it } from '@jest/globals'
import type { MetricRow } from '@runnel/repositories-events'
import { deflateSnappy } from '@runnel/wire/snappy'
import { metric } from './builders.ts'
import {
  decodeFrames,
  decodeSamples,
  doubleBits,
  encodeRead,
  postRead,
  type Selector,
} from './remote-read.ts'
import { useSuite } from './suite.ts'

const suite = useSuite({ limits: { remoteReadSamples: 700, remoteReadSeries: 40 } })
const NOON = Date.parse('2026-03-01T12:00:00Z')
const RANGE = { fromMs: NOON, throughMs: NOON + 3_600_000 }
const [SAMPLES, STREAMED] = [0, 1]

const buckets = (count: number, many = 2) => ({
  ...{ schema: 1, sum: 1, zeroThreshold: 0, zeroCount: 0, count },
  ...{ positiveSpans: [{ offset: 0, length: many }], positiveDeltas: Array<number>(many).fill(1) },
})

const at = (ms: number, value: number | null, members: Partial<MetricRow> = {}) =>
  metric({ name: 'load', occurredAtMs: NOON + ms, value, ...members })

beforeAll(async () => {
  await suite.writer.metrics(
    at(2000, 2, { tags: { host: 'b', zone: 'z' } }),
    at(1000, 1, { tags: { host: 'b', zone: 'z' } }),
    at(0, -0.5, { tags: { host: 'a', Zone: 'z' } }),
    at(3000, null, { tags: { host: 'b', zone: 'z' }, data: { special: 'stale' } }),
    at(4000, null, { tags: { host: 'b', zone: 'z' }, data: { special: 'NaN' } }),
    at(5000, null, { tags: { host: 'b', zone: 'z' }, data: { special: '+Inf' } }),
    at(6000, null, { tags: { host: 'b', zone: 'z' }, data: { special: '-Inf' } }),
    at(7000, null, { tags: { host: 'b', zone: 'z' }, data: { nativeHistogram: {} } }),
    ...[1, 2, 3].map((n) => at(n * 1000, null, { name: 'native', data: { nativeHistogram: buckets(n) } })),
    at(3000, 7, { name: 'native' }),
    at(4000, null, { name: 'native', data: { nativeHistogram: 'none', special: '+Inf' } }),
    at(5000, null, { name: 'native', data: { special: 'stale', nativeHistogram: { ...buckets(0, 0) } } }),
    at(6000, null, { name: 'native', data: { exemplars: [] } }),
    at(1000, 1, { name: 'large' }),
    ...[1, 2, 3].map((n) =>
      at(1000 + n, null, { name: 'large', data: { nativeHistogram: buckets(n, 5000) } }),
    ),
    at(1000, 5, { name: 'merged', tags: { n: 1, gone: null, empty: '' } }),
    at(1000, 6, { name: 'merged', tags: { n: '1' } }),
    at(2000, 7, { name: 'merged', tags: { n: 1 } }),
    at(1000, 8, { name: 'http.duration', tags: { 'http.method': 'GET', 'city 😀': 'Köln' } }),
    at(-1, 9, { name: 'edges' }),
    at(0, 10, { name: 'edges', tags: null }),
    at(3_600_000, 11, { name: 'edges' }),
    at(3_600_001, 12, { name: 'edges' }),
  )
  const many = Array.from({ length: 500 }, (_, i) =>
    at(i * 100, i, { name: 'many', tags: { n: String(i % 50) } }),
  )
  const grouped = Array.from({ length: 50 }, (_, i) =>
    at(i, i, { name: 'grouped', tags: { n: String(i), half: i % 2 === 0 ? 'a' : 'b' } }),
  )
  await suite.writer.metrics(
    ...many,
    ...grouped,
    ...Array.from({ length: 300 }, (_, i) => at(i * 7000, i, { name: 'long' })),
  )
})

const read = async (selectors: Selector[], type = STREAMED, url?: string) => {
  const answer = await postRead(suite.api, encodeRead(selectors, { ...RANGE, types: [type!] }), url)
  expect(answer.statusCode).toBe(200)
  return type === STREAMED ? decodeFrames(answer.rawPayload) : decodeSamples(answer.rawPayload)
}
const refusal = async (selectors: Selector[], url?: string) => {
  const answer = await postRead(suite.api, encodeRead(selectors, RANGE), url)
  return { status: answer.statusCode, detail: answer.json<{ detail: string }>().detail }
}
const values = (...pairs: [number, number][]) => pairs.map(([ms, value]) => [NOON + ms, doubleBits(value)])

describe.each([
  ['samples', SAMPLES],
  ['streamed chunks', STREAMED],
])('remote read as %s', (_, type) => {
  it('gives series in the order of their labels, and samples in that of their times', async () => {
    const found = await read([[['__name__', '=', 'load']]], type)
    expect(found.map(({ labels }) => labels)).toEqual([
      { Zone: 'z', __name__: 'load', host: 'a' },
      { __name__: 'load', host: 'b', zone: 'z' },
    ])
    expect(Object.keys(found[0]!.labels)).toEqual(['Zone', '__name__', 'host'])
    expect(found[0]!.samples).toEqual(values([0, -0.5]))
    expect(found[1]!.samples.slice(0, 2)).toEqual(values([1000, 1], [2000, 2]))
    expect(found[1]!.samples.map(([ms]) => ms - NOON)).toEqual([1000, 2000, 3000, 4000, 5000, 6000])
  })

  it('makes one sample of several at one time, and one series of equal labels', async () => {
    const found = await read([[['__name__', '=', 'merged']]], type)
    expect(found).toEqual([
      { query: 0, labels: { __name__: 'merged', n: '1' }, samples: values([1000, 6], [2000, 7]) },
    ])
  })

  it('gives native histograms between the numbers of a series, and of one time what came last', async () => {
    const found = await read([[['__name__', '=', 'native']]], type)
    expect(found).toEqual([
      {
        query: 0,
        labels: { __name__: 'native' },
        samples: values([3000, 7], [4000, Infinity]),
        histograms: [
          [NOON + 1000, 1n],
          [NOON + 2000, 2n],
          [NOON + 5000, 0n],
        ],
      },
    ])
  })

  it('includes both ends of a range', async () => {
    const found = await read([[['__name__', '=', 'edges']]], type)
    expect(found[0]?.samples).toEqual(values([0, 10], [3_600_000, 11]))
  })

  it('answers several queries, each for itself', async () => {
    const found = await read(
      [
        [['__name__', '=', 'merged']],
        [['__name__', '=', 'none']],
        [
          ['__name__', '=', 'load'],
          ['host', '=', 'a'],
        ],
      ],
      type,
    )
    expect(found.map(({ query, labels }) => [query, labels['__name__']])).toEqual([
      [0, 'merged'],
      [2, 'load'],
    ])
  })
})

it('gives back the bits of what is no number', async () => {
  const [series] = await read([
    [
      ['__name__', '=', 'load'],
      ['host', '=', 'b'],
    ],
  ])
  expect(series!.samples.slice(2).map(([, bits]) => bits.toString(16))).toEqual([
    '7ff0000000000002',
    '7ff8000000000001',
    '7ff0000000000000',
    'fff0000000000000',
  ])
})

it('streams long series in chunks', async () => {
  const [series] = await read([[['__name__', '=', 'long']]])
  expect(series!.samples).toEqual(
    values(...Array.from({ length: 300 }, (_, i): [number, number] => [i * 7000, i])),
  )
})

describe('a selector', () => {
  const names = async (selector: Selector) =>
    (await read([selector])).map(({ labels }) => `${labels['__name__']} ${labels['host'] ?? ''}`.trim())

  it.each<[string, Selector, string[]]>([
    ['by a pattern of names', [['__name__', '=~', 'lo.d|merged']], ['load a', 'load b', 'merged']],
    [
      'by names that it is not',
      [['__name__', '!~', 'long|many|grouped|edges|load|native|large|http.*']],
      ['merged'],
    ],
    [
      'by a label that is not there',
      [
        ['__name__', '=', 'load'],
        ['zone', '=', ''],
      ],
      ['load a'],
    ],
    [
      'by another value',
      [
        ['__name__', '=', 'load'],
        ['host', '!=', 'b'],
      ],
      ['load a'],
    ],
    [
      'by a pattern of values',
      [
        ['__name__', '=', 'load'],
        ['host', '=~', '[b-z]'],
      ],
      ['load b'],
    ],
    [
      'by what a pattern is not',
      [
        ['__name__', '=', 'load'],
        ['zone', '!~', '.+'],
      ],
      ['load a'],
    ],
    [
      'by a number',
      [
        ['__name__', '=', 'merged'],
        ['n', '=', '1'],
      ],
      ['merged'],
    ],
    [
      'that nothing fits',
      [
        ['__name__', '=', 'load'],
        ['host', '=', 'c'],
      ],
      [],
    ],
  ])('finds %s', async (_, selector, expected) => {
    expect(await names(selector)).toEqual(expected)
  })

  it('without a name is answered within the limit of rows, and refused beyond it', async () => {
    const narrow = { fromMs: NOON, throughMs: NOON + 100, types: [SAMPLES!] }
    const answer = await postRead(suite.api, encodeRead([[['host', '=', 'a']]], narrow))
    expect(decodeSamples(answer.rawPayload).map(({ labels }) => labels['__name__'])).toEqual(['load'])
    expect(await refusal([[['host', '=', 'a']]])).toEqual({
      status: 400,
      detail:
        'The request would look at more rows than 700: name the metric, narrow the range, or ask for less at once',
    })
  })

  it('that finds native histograms too large together is refused', async () => {
    expect(await refusal([[['__name__', '=', 'large']]])).toMatchObject({
      status: 400,
      detail: expect.stringContaining('a native histogram is many'),
    })
  })

  it('that finds too many series is refused', async () => {
    expect(await refusal([[['__name__', '=', 'many']]])).toEqual({
      status: 400,
      detail:
        'The request would look at more series than 40: name the metric, narrow the range, or ask for less at once',
    })
  })

  it('of a request shares the limits of rows and of series with the others', async () => {
    const long: Selector = [['__name__', '=', 'long']]
    const nothing: Selector = [...long, ['host', '=', 'none']]
    expect(await read([long, nothing])).toHaveLength(1)
    // 300 rows are looked at by each, whether or not anything is found.
    expect(await refusal([nothing, nothing, nothing])).toMatchObject({
      status: 400,
      detail: expect.stringContaining('more rows than 700'),
    })
    const half: Selector = [
      ['__name__', '=', 'grouped'],
      ['half', '=', 'a'],
    ]
    expect(await read([half])).toHaveLength(25)
    expect(await refusal([half, half])).toMatchObject({
      status: 400,
      detail: expect.stringContaining('more series than 40'),
    })
  })

  it('of all times is answered, whatever numbers stand for that', async () => {
    const all = { fromMs: -(2n ** 63n), throughMs: 2n ** 63n - 1n }
    const selector: Selector = [['__name__', '=', 'edges']]
    const answer = await postRead(suite.api, encodeRead([selector], all))
    expect([answer.statusCode, decodeSamples(answer.rawPayload)[0]?.samples.length]).toEqual([200, 4])
  })

  it('with patterns that are too large is refused before it costs anything', async () => {
    const large: Selector = [['__name__', '=~', '.{0,1000}'.repeat(450)]]
    expect(await refusal([large])).toEqual({
      status: 400,
      detail: 'The patterns of the matchers are too large with their repetitions',
    })
    const half: Selector = [['host', '=~', 'a{700}.'.repeat(4)]]
    expect(await refusal([half, half])).toEqual(await refusal([large]))
  })

  it('with an invalid pattern is refused', async () => {
    expect(await refusal([[['__name__', '=~', '(']]])).toMatchObject({ status: 400 })
  })
})

it('gives names as they are, or escaped for readers that take no others', async () => {
  const labels = { __name__: 'http.duration', 'http.method': 'GET', 'city 😀': 'Köln' }
  const [plain] = await read([[['__name__', '=', 'http.duration']]])
  expect(plain?.labels).toEqual(labels)
  const escaped: Selector = [
    ['__name__', '=~', 'U__http_2e_dur.*'],
    ['U__http_2e_method', '=', 'GET'],
  ]
  const [found] = await read([escaped], STREAMED, '/api/v1/read?names=escaped')
  expect(found?.labels).toEqual({
    __name__: 'U__http_2e_duration',
    U__http_2e_method: 'GET',
    U__city_20__1f600_: 'Köln',
  })
})

it('stale markers are no metrics of the list', async () => {
  const answer = await suite.api.get(
    '/api/v1/metrics?name=load&from=2026-03-01T12:00:00Z&to=2026-03-01T13:00:00Z',
  )
  const { items } = answer.json<{ items: { value: number | null }[] }>()
  expect(items.map(({ value }) => value)).toEqual([null, 2, 1, -0.5])
})

it.each<[string, Buffer, number]>([
  ['no snappy', Buffer.from('hello, world'), 400],
  ['no message', deflateSnappy(Buffer.from([0x0a, 0x7f])), 400],
  ['nothing', Buffer.alloc(0), 400],
  ['too much', Buffer.from([0xff, 0xff, 0xff, 0x7f]), 413],
])('refuses %s', async (_, body, status) => {
  expect((await postRead(suite.api, body)).statusCode).toBe(status)
})

it('refuses response types that it does not know', async () => {
  const body = encodeRead([[['__name__', '=', 'load']]], { ...RANGE, types: [7] })
  expect((await postRead(suite.api, body)).json()).toMatchObject({
    status: 400,
    field: 'accepted_response_types',
  })
})
