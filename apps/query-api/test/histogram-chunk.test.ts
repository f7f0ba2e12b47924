import { describe, expect, it } from '@jest/globals'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { toHistogramData } from '@runnel/wire/histogram-data'
import { Histogram_ResetHint, HistogramSchema, type Histogram } from '@runnel/wire/prometheus/types'
import fc from 'fast-check'
import { encodeHistogram } from '../src/remote-read/encode-histogram.ts'
import { encodeHistogramChunk } from '../src/remote-read/histogram-chunk.ts'
import { SampleBuffer } from '../src/remote-read/sample-buffer.ts'
import { decodeHistogramChunk } from './decode-histogram-chunk.ts'

type Shape = MessageInitShape<typeof HistogramSchema>

const AT = 1_795_953_600_000n
const TIMES = [AT, AT + 15_000n, AT + 30_007n]
const STALE_BITS = 0x7ff0000000000002n

const histogram = (shape: Shape) => create(HistogramSchema, shape)
const int = (value: bigint) => ({ case: 'countInt', value }) as const
const zeroInt = (value: bigint) => ({ case: 'zeroCountInt', value }) as const

const toText = (one: Histogram) => JSON.stringify(toHistogramData(one))

function bufferOf(histograms: readonly Histogram[], special: readonly (string | null)[] = []): SampleBuffer {
  const samples = new SampleBuffer()
  for (const [i, one] of histograms.entries()) {
    const atMs = Number(one.timestamp)
    samples.addHistogram(atMs, encodeHistogram(toText(one), special[i] ?? null, atMs)!)
  }
  return samples
}

/** Chunks of all samples, one behind the other. */
function encodeAll(samples: SampleBuffer) {
  const chunks: ReturnType<typeof decodeHistogramChunk>[] = []
  for (let from = 0; from < samples.count;) {
    const { type, data, count } = encodeHistogramChunk(samples, from)
    chunks.push(decodeHistogramChunk(type, data))
    from += count
  }
  return chunks
}

/** Chunks as Prometheus 3.5.3 gives them of these histograms; 2.42 gives the same of integers and floats. */
const BY_PROMETHEUS: readonly [name: string, hex: string, histograms: readonly Histogram[]][] = [
  [
    'integers',
    '0003007494a35970a2317f0000d1139693006347fc00000000000011a6ef0ff07531f222db1c27fffd463f222d387fb3e4467e3780f4edb6db6de3e18af73b7d9e5b80',
    [
      { count: 13n, sum: 0.5, positive: [1n, 4n, -5n], negative: 7n },
      { count: 70_010n, sum: 7.25, positive: [1n, 5n, -4n], negative: 70_000n },
      { count: 90_411n, sum: 1e9 / 7, positive: [2n, 400n, -397n], negative: 90_000n },
    ].map(({ count, sum, positive, negative }, i) =>
      histogram({
        ...{ schema: 2, zeroThreshold: 2 ** -128, timestamp: TIMES[i]!, sum },
        ...{ count: int(count), zeroCount: zeroInt(BigInt(i)) },
        positiveSpans: [
          { offset: -3, length: 1 },
          { offset: 40, length: 2 },
        ],
        ...{
          positiveDeltas: positive,
          negativeSpans: [{ offset: 0, length: 1 }],
          negativeDeltas: [negative],
        },
      }),
    ),
  ],
  [
    'floats of a gauge',
    '0003c0ff3f8930be0ded288dbc647f0000d11396930020128000000000001ff00000000000002005555555555555a004000000000000200e0000000000007c1d4c6b1ab6cd3aaaaaaaaaaaaf585ea1370f1890000000000003683d62e4',
    TIMES.map((timestamp, i) =>
      histogram({
        ...{ schema: -1, zeroThreshold: 0.0123, sum: 10 / (i + 3), timestamp, resetHint: 3 },
        count: { case: 'countFloat', value: 10.5 + i * 6 },
        zeroCount: { case: 'zeroCountFloat', value: 0.5 },
        ...{ positiveSpans: [{ offset: 0, length: 2 }], positiveCounts: [3 + i, 7 + 5 * i] },
      }),
    ),
  ],
  [
    'buckets of their own',
    '00030000ee5c6452dc651feaaaaaaaaaaaaafc30d4ff0000d1139693004c80155555555555569fc1d4c49b34eaaaaaaaaaaab8b0e480000000000000',
    TIMES.map((timestamp, i) =>
      histogram({
        ...{ schema: -53, customValues: [0.005, 0.1, 1 / 3, 25], sum: 10 / (i + 3), timestamp },
        ...{ count: int(BigInt(2 * i + 3)), zeroCount: zeroInt(0n) },
        ...{ positiveSpans: [{ offset: 0, length: 2 }], positiveDeltas: [BigInt(i), 3n] },
      }),
    ),
  ],
]

/** In the JSON of a database zero has no sign. */
const double = (constraints?: fc.DoubleConstraints) => fc.double(constraints).map((value) => value + 0)
const layout = fc.record({
  schema: fc.constantFrom(-4, 0, 3, 8, -53),
  zeroThreshold: fc.oneof(
    fc.constantFrom<number>(0, 2 ** -128, 2 ** -243, 2 ** -244, 2 ** 10, 2 ** 11),
    double({ noNaN: true }),
  ),
  positiveSpans: fc.array(fc.record({ offset: fc.integer(), length: fc.nat(3) }), { maxLength: 3 }),
  negativeSpans: fc.array(fc.record({ offset: fc.integer(), length: fc.nat(3) }), { maxLength: 2 }),
  bounds: fc.array(
    fc.oneof(
      fc.integer({ min: 0, max: 40_000_000 }).map((n) => n / 1000),
      double(),
    ),
    {
      maxLength: 3,
    },
  ),
})
const long = fc.oneof(fc.bigInt({ min: 0n, max: 9n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
const delta = fc.oneof(
  fc.bigInt({ min: -9n, max: 9n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
)
const step = fc.oneof(fc.constant(15_000n), fc.bigInt({ min: 1n, max: 2n ** 40n }))
const lengthOf = (spans: readonly { length: number }[]) => spans.reduce((sum, { length }) => sum + length, 0)
const list = <T>(of: fc.Arbitrary<T>, length: number) =>
  fc.array(of, { minLength: length, maxLength: length })

const series = fc
  .tuple(layout, fc.boolean(), fc.integer({ min: 1, max: 6 }))
  .chain(([{ bounds, ...shared }, isFloat, count]) => {
    const buckets = [lengthOf(shared.positiveSpans), lengthOf(shared.negativeSpans)] as const
    const common = {
      sum: double({ noNaN: true }),
      step,
      resetHint: fc.constantFrom(...Object.values(Histogram_ResetHint)),
    }
    const one: fc.Arbitrary<Shape & { step: bigint }> = isFloat
      ? fc.record({
          ...common,
          count: double().map((value) => ({ case: 'countFloat' as const, value })),
          zeroCount: double().map((value) => ({ case: 'zeroCountFloat' as const, value })),
          positiveCounts: list(double(), buckets[0]),
          negativeCounts: list(double(), buckets[1]),
        })
      : fc.record({
          ...common,
          count: long.map(int),
          zeroCount: long.map(zeroInt),
          positiveDeltas: list(delta, buckets[0]),
          negativeDeltas: list(delta, buckets[1]),
        })
    return fc.array(one, { minLength: count, maxLength: count }).map((all) => {
      let timestamp = AT
      const customValues = shared.schema === -53 ? bounds : []
      return all.map(({ step: after, ...rest }) =>
        histogram({ ...shared, ...rest, customValues, timestamp: (timestamp += after) } as Shape),
      )
    })
  })

describe('a chunk of native histograms', () => {
  it.each(BY_PROMETHEUS)('of %s is, byte by byte, the one that Prometheus makes', (_, hex, histograms) => {
    const { data, count } = encodeHistogramChunk(bufferOf(histograms), 0)
    expect([data.toString('hex'), count]).toEqual([hex, 3])
  })

  it('says what it was made of', () => {
    fc.assert(
      fc.property(series, (histograms) => {
        const found = encodeAll(bufferOf(histograms)).flatMap((chunk) => chunk.histograms)
        // What is known of a counter stands in the header of the chunk.
        const expected = histograms.map((one) => ({ ...one, resetHint: 0 }))
        expect(found).toEqual(expected)
      }),
    )
  })

  it('ends where a counter begins anew, where its buckets change and at a stale marker', () => {
    const of = (i: number, counts: readonly bigint[], more: Shape = {}) =>
      histogram({
        ...{ timestamp: AT + BigInt(i), count: int(100n), zeroCount: zeroInt(0n) },
        ...{ positiveSpans: [{ offset: 0, length: counts.length }] },
        positiveDeltas: counts.map((count, at) => count - (counts[at - 1] ?? 0n)),
        ...more,
      })
    const histograms = [
      ...[of(0, [5n, 5n]), of(1, [5n, 6n])],
      // Less in one bucket, and elsewhere more; then fewer in all, and then fewer of zero.
      ...[of(2, [4n, 8n]), of(3, [4n, 8n], { count: int(99n), zeroCount: zeroInt(3n) })],
      of(4, [4n, 8n], { zeroCount: zeroInt(2n) }),
      of(5, [9n, 9n], { zeroCount: zeroInt(2n), resetHint: Histogram_ResetHint.YES }),
      ...[of(6, [1n, 1n, 1n]), of(7, [1n, 1n, 1n], { schema: 1 }), of(8, [1n]), of(9, [2n])],
      ...[9, 3, 1].map((n, i) => of(10 + i, [BigInt(n)], { resetHint: Histogram_ResetHint.GAUGE })),
    ]
    const special = [...Array<null>(8).fill(null), 'stale', 'stale']
    const chunks = encodeAll(bufferOf(histograms, special))
    expect(chunks.map(({ header, bits }) => [header >> 6, bits.length])).toEqual([
      ...[
        [0, 2],
        [0, 1],
        [0, 1],
        [0, 1],
        [2, 1],
        [0, 1],
        [0, 1],
        [0, 2],
        [3, 3],
      ],
    ])
    const [stale] = chunks.slice(7)
    expect(stale!.bits).toEqual([STALE_BITS, STALE_BITS])
    expect(stale!.histograms[0]).toMatchObject({ positiveSpans: [], positiveDeltas: [], count: int(0n) })
  })

  it('holds no more than a reader takes at once', () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      histogram({ timestamp: AT + BigInt(i), count: int(1n), zeroCount: zeroInt(1n) }),
    )
    expect(encodeAll(bufferOf(many)).map(({ bits }) => bits.length)).toEqual([120, 120, 60])
    const large = Array.from({ length: 10 }, (_, i) =>
      histogram({
        ...{ timestamp: AT + BigInt(i), count: int(1n), zeroCount: zeroInt(1n) },
        ...{
          positiveSpans: [{ offset: 0, length: 10_000 }],
          positiveDeltas: Array<bigint>(10_000).fill(300n),
        },
      }),
    )
    expect(encodeAll(bufferOf(large)).map(({ bits }) => bits.length)).toEqual([3, 3, 3, 1])
  })
})
