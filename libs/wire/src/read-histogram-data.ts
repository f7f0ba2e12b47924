import { create } from '@bufbuild/protobuf'
import { isExactNumber, isJsonObject, toDouble, type JsonObject, type JsonValue } from '@runnel/contracts'
import {
  Histogram_ResetHint,
  HistogramSchema,
  type BucketSpan,
  type Histogram,
} from './generated/prometheus/types_pb.ts'

type Span = Pick<BucketSpan, 'offset' | 'length'>

const RESET_HINTS: ReadonlyMap<string, Histogram_ResetHint> = new Map(
  Object.entries(Histogram_ResetHint).map(([name, number]) => [name.toLowerCase(), number]),
)

const INT32 = 2 ** 31
const MIN_INT64 = -(2n ** 63n)
const MAX_INT64 = 2n ** 63n - 1n
const MAX_UINT64 = 2n ** 64n - 1n

/**
 * Of what `toHistogramData` has written the native histogram, without its time.
 *
 * @returns undefined for what is no consistent histogram: buckets that no span has, counts that are no numbers. A reader that
 * trusts its source would fail at it.
 */
export function readHistogramData(data: JsonValue): Histogram | undefined {
  if (!isJsonObject(data)) return undefined
  try {
    return readObject(data)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** @throws RangeError */
function readObject(data: JsonObject): Histogram {
  const isFloat =
    data['isFloat'] === true || hasSome(data, 'positiveCounts') || hasSome(data, 'negativeCounts')
  const positiveSpans = readSpans(data['positiveSpans'])
  const negativeSpans = readSpans(data['negativeSpans'])
  const numbers = (name: string, isWanted: boolean, spans: readonly Span[]) =>
    isWanted ? requireBuckets(listOf(data[name]), spans) : []
  return create(HistogramSchema, {
    schema: readInteger(data['schema'], -INT32, INT32 - 1),
    sum: readDouble(data['sum']),
    zeroThreshold: readDouble(data['zeroThreshold']),
    count: isFloat
      ? { case: 'countFloat', value: readDouble(data['count']) }
      : { case: 'countInt', value: readLong(data['count'], 0n, MAX_UINT64) },
    zeroCount: isFloat
      ? { case: 'zeroCountFloat', value: readDouble(data['zeroCount']) }
      : { case: 'zeroCountInt', value: readLong(data['zeroCount'], 0n, MAX_UINT64) },
    ...{ positiveSpans, negativeSpans },
    positiveDeltas: numbers('positiveDeltas', !isFloat, positiveSpans).map(readDelta),
    negativeDeltas: numbers('negativeDeltas', !isFloat, negativeSpans).map(readDelta),
    positiveCounts: numbers('positiveCounts', isFloat, positiveSpans).map(readDouble),
    negativeCounts: numbers('negativeCounts', isFloat, negativeSpans).map(readDouble),
    customValues: listOf(data['customValues']).map(readDouble),
    resetHint: RESET_HINTS.get(String(data['resetHint'])) ?? Histogram_ResetHint.UNKNOWN,
  })
}

function hasSome(data: JsonObject, name: string): boolean {
  return listOf(data[name]).length > 0
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new RangeError('a list is none')
  return value
}

function readSpans(value: JsonValue | undefined): Span[] {
  return listOf(value).map((span) => {
    if (!isJsonObject(span)) throw new RangeError('a span is no object')
    return {
      offset: readInteger(span['offset'], -INT32, INT32 - 1),
      length: readInteger(span['length'], 0, 2 * INT32 - 1),
    }
  })
}

function requireBuckets(buckets: readonly JsonValue[], spans: readonly Span[]): readonly JsonValue[] {
  const expected = spans.reduce((sum, { length }) => sum + length, 0)
  if (buckets.length !== expected) throw new RangeError('buckets and spans are not of one length')
  return buckets
}

function readInteger(value: JsonValue | undefined, min: number, max: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max)
    return value as number
  throw new RangeError('an integer is out of range')
}

function readDelta(value: JsonValue): bigint {
  return readLong(value, MIN_INT64, MAX_INT64)
}

/** A number whose text is the same as that of its double was read as one, even beyond 2^53: the text is what was sent. */
function readLong(value: JsonValue | undefined, min: bigint, max: bigint): bigint {
  const text = isExactNumber(value) ? value.rawJSON : typeof value === 'number' ? String(value) : ''
  const long = /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined
  if (long === undefined || long < min || long > max) throw new RangeError('an integer is out of range')
  return long
}

/** Infinities and NaN are texts. */
function readDouble(value: JsonValue | undefined): number {
  if (typeof value === 'number') return value
  if (isExactNumber(value)) return toDouble(value)
  if (value === 'NaN') return NaN
  if (value === 'Infinity') return Infinity
  if (value === '-Infinity') return -Infinity
  throw new RangeError('a number is none')
}
