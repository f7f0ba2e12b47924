import type { JsonObject, JsonValue } from '@runnel/contracts'
import { Histogram_ResetHint, type BucketSpan, type Histogram } from './generated/prometheus/types_pb.ts'

const RESET_HINTS: ReadonlyMap<number, string> = new Map(
  Object.entries(Histogram_ResetHint).map(([name, number]) => [number, name.toLowerCase()]),
)

/**
 * A native histogram whole, with every digit of its counts, as `data.nativeHistogram` of a metric holds it. Its time is the metric's,
 * and a stale marker is said by `special` beside it.
 */
export function toHistogramData(histogram: Histogram): JsonObject {
  const { negativeSpans, negativeDeltas, negativeCounts, customValues } = histogram
  const { positiveSpans, positiveDeltas, positiveCounts } = histogram
  const hint = RESET_HINTS.get(histogram.resetHint)
  return {
    // Counts alone do not show it: a histogram of integers may have none.
    ...(histogram.count.case === 'countFloat' && { isFloat: true }),
    schema: histogram.schema,
    count: toJsonNumber(histogram.count.value ?? 0),
    sum: toJsonNumber(histogram.sum),
    zeroThreshold: toJsonNumber(histogram.zeroThreshold),
    zeroCount: toJsonNumber(histogram.zeroCount.value ?? 0),
    ...someNumbers('positiveDeltas', positiveDeltas),
    ...someNumbers('positiveCounts', positiveCounts),
    ...someSpans('positiveSpans', positiveSpans),
    ...someNumbers('negativeDeltas', negativeDeltas),
    ...someNumbers('negativeCounts', negativeCounts),
    ...someSpans('negativeSpans', negativeSpans),
    ...someNumbers('customValues', customValues),
    ...(hint !== undefined && hint !== 'unknown' && { resetHint: hint }),
  }
}

/** A number as JSON has it: with all its digits, or as text where JSON has none. */
export function toJsonNumber(value: number | bigint): JsonValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  const double = Number(value)
  return Number.isSafeInteger(double) ? double : JSON.rawJSON(String(value))
}

function someNumbers(name: string, numbers: readonly (number | bigint)[]): JsonObject {
  return numbers.length > 0 ? { [name]: numbers.map(toJsonNumber) } : {}
}

function someSpans(name: string, spans: readonly BucketSpan[]): JsonObject {
  return spans.length > 0 ? { [name]: spans.map(({ offset, length }) => ({ offset, length })) } : {}
}
