import { expect, it } from '@jest/globals'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import type { JsonObject, JsonValue } from '@runnel/contracts'
import fc from 'fast-check'
import { Histogram_ResetHint, HistogramSchema } from './generated/prometheus/types_pb.ts'
import { toHistogramData } from './histogram-data.ts'
import { readHistogramData } from './read-histogram-data.ts'

const long = (min: bigint, max: bigint) =>
  fc.oneof(fc.bigInt({ min: -3n, max: 3n }), fc.bigInt({ min, max })).filter((n) => n >= min)
const count = long(0n, 2n ** 64n - 1n)
const deltas = fc.array(long(-(2n ** 63n), 2n ** 63n - 1n), { maxLength: 4 })
const counts = fc.array(fc.double(), { maxLength: 4 })
const spansOf = (buckets: readonly unknown[]) => [
  { offset: -(2 ** 31), length: 0 },
  { offset: 7, length: buckets.length },
]
const shared = {
  sum: fc.double(),
  schema: fc.integer(),
  zeroThreshold: fc.double(),
  customValues: counts,
  resetHint: fc.constantFrom(...Object.values(Histogram_ResetHint)),
}

const histogram = fc
  .oneof(
    fc.record({
      ...{ ...shared, positiveDeltas: deltas, negativeDeltas: deltas },
      count: count.map((value) => ({ case: 'countInt' as const, value })),
      zeroCount: count.map((value) => ({ case: 'zeroCountInt' as const, value })),
    }),
    fc.record({
      ...{ ...shared, positiveCounts: counts, negativeCounts: counts },
      count: fc.double().map((value) => ({ case: 'countFloat' as const, value })),
      zeroCount: fc.double().map((value) => ({ case: 'zeroCountFloat' as const, value })),
    }),
  )
  .map((shape) => {
    const buckets = Object.entries(shape)
    const of = (sign: string) =>
      spansOf(buckets.flatMap(([name, list]) => (name.startsWith(sign) ? (list as unknown[]) : [])))
    const all = { ...shape, positiveSpans: of('positive'), negativeSpans: of('negative') }
    return create(HistogramSchema, all as MessageInitShape<typeof HistogramSchema>)
  })

it('a native histogram is what was written of it', () => {
  fc.assert(
    fc.property(histogram, (one) => {
      expect(readHistogramData(toHistogramData(one))).toEqual(one)
    }),
  )
})

it('a count beyond 2^53 that a double writes the same way is that count', () => {
  const data = { ...plain, count: 92386554170867280 }
  expect(readHistogramData(data)?.count.value).toBe(92386554170867280n)
})

const plain: JsonObject = {
  ...{ schema: 1, count: 3, sum: 0.5, zeroThreshold: 0, zeroCount: 1 },
  ...{ positiveSpans: [{ offset: 0, length: 2 }], positiveDeltas: [1, 0] },
}

it.each<[string, JsonValue]>([
  ['no object', [plain]],
  ['nothing of a histogram', {}],
  ['a text', { ...plain, sum: '0.5' }],
  ['a count that is no integer', { ...plain, count: 1.5 }],
  ['a count below zero', { ...plain, count: -1 }],
  ['a count beyond 64 bits', { ...plain, count: JSON.rawJSON('18446744073709551616') }],
  ['a schema beyond 32 bits', { ...plain, schema: 2 ** 31 }],
  ['more buckets than its spans have', { ...plain, positiveDeltas: [1, 0, 0] }],
  ['spans without buckets', { ...plain, negativeSpans: [{ offset: 0, length: 4e9 }] }],
  ['a span without length', { ...plain, positiveSpans: [{ offset: 0 }] }],
  ['buckets that are no list', { ...plain, positiveDeltas: { length: 2 } }],
])('what has %s is no histogram', (_, data) => {
  expect(readHistogramData(plain)).toBeDefined()
  expect(readHistogramData(data)).toBeUndefined()
})
