import { AppError, type JsonObject } from '@runnel/contracts'
import type { KeyValue } from '@runnel/wire/opentelemetry/common/v1/common'
import type {
  Exemplar,
  ExponentialHistogramDataPoint,
  ExponentialHistogramDataPoint_Buckets,
  HistogramDataPoint,
  NumberDataPoint,
  SummaryDataPoint,
} from '@runnel/wire/opentelemetry/metrics/v1/metrics'
import { doubleToJson, integerToJson, toObject } from './any-value.ts'
import { toHexId } from '../shared/hex-id.ts'
import { timeOfNanos } from '../shared/time-of-nanos.ts'
import type { MetricHead } from './metric-head.ts'
import { writeJson, type WrittenJson } from './plain-json.ts'
import type { WrittenEvent } from './signal.ts'
import { writeTags } from './write-attributes.ts'

export interface PointRows {
  readonly rows: readonly WrittenEvent[]
  /** Nanoseconds since 1970, 0 where it is not known. */
  readonly time: bigint
}

/** What the types of points have in common. */
interface Point {
  readonly attributes: readonly KeyValue[]
  readonly startTimeUnixNano: bigint
  readonly timeUnixNano: bigint
  readonly flags: number
  readonly exemplars?: readonly Exemplar[]
}

/** The bit that says that there is no value: a series that has ended. */
const NO_RECORDED_VALUE = 1

/** @throws AppError missing_field | number_out_of_range of a point without a value, or with one that is not finite */
export function numberRows(point: NumberDataPoint, head: MetricHead): PointRows {
  requireRecorded(point)
  const value = readNumber(point.value)
  return {
    rows: [writeWhole(point, head, value, true, writePoint(point, head))],
    time: point.timeUnixNano,
  }
}

/** @throws AppError missing_field of a point without a value */
export function histogramRows(point: HistogramDataPoint, head: MetricHead): PointRows {
  requireRecorded(point)
  const parts = partsOf(point)
  const histogram = {
    ...parts.whole,
    explicitBounds: point.explicitBounds.map(doubleToJson),
    bucketCounts: point.bucketCounts.map(integerToJson),
  }
  return withParts(point, head, { histogram }, parts)
}

/** @throws AppError missing_field of a point without a value */
export function exponentialRows(point: ExponentialHistogramDataPoint, head: MetricHead): PointRows {
  requireRecorded(point)
  const { scale, zeroCount, zeroThreshold, positive, negative } = point
  const parts = partsOf(point)
  const exponentialHistogram = {
    ...parts.whole,
    scale,
    zeroCount: integerToJson(zeroCount),
    ...(zeroThreshold !== 0 && { zeroThreshold: doubleToJson(zeroThreshold) }),
    ...(positive !== undefined && { positive: describeBuckets(positive) }),
    ...(negative !== undefined && { negative: describeBuckets(negative) }),
  }
  return withParts(point, head, { exponentialHistogram }, parts)
}

function describeBuckets({ offset, bucketCounts }: ExponentialHistogramDataPoint_Buckets): JsonObject {
  return { offset, bucketCounts: bucketCounts.map(integerToJson) }
}

/** @throws AppError missing_field of a point without a value */
export function summaryRows(point: SummaryDataPoint, head: MetricHead): PointRows {
  requireRecorded(point)
  const parts = partsOf({ count: point.count, sum: point.sum })
  const quantiles = point.quantileValues.map(({ quantile, value }) => ({
    quantile: doubleToJson(quantile),
    value: doubleToJson(value),
  }))
  return withParts(point, head, { summary: { ...parts.whole, quantiles } }, parts)
}

function requireRecorded({ flags }: Point): void {
  if ((flags & NO_RECORDED_VALUE) !== 0) throw noValue()
}

function noValue(): AppError {
  return new AppError('missing_field', 'The data point has no value', {
    field: 'value',
    expected: 'a number',
  })
}

/** The members of a row that say a number, with commas before them. */
function readNumber(value: NumberDataPoint['value']): string {
  if (value.case === 'asInt') return writeExact(value.value)
  if (value.case !== 'asDouble') throw noValue()
  if (Number.isFinite(value.value)) return writeDouble(value.value)
  throw new AppError('number_out_of_range', `The value is ${value.value}`, {
    field: 'value',
    expected: 'a finite number',
  })
}

function writeExact(integer: bigint): string {
  const number = integerToJson(integer)
  return typeof number === 'number' ? `,"value":${number}` : `,"value":${number},"exact":"${number}"`
}

/** JSON.stringify writes no zero with a sign. */
function writeDouble(finite: number): string {
  return `,"value":${finite}`
}

/** Beyond 2^53 the digits stand beside the number, for readers whose JSON knows doubles alone. */
function exactValue(integer: bigint): JsonObject {
  const number = integerToJson(integer)
  return typeof number === 'number' ? { value: number } : { value: JSON.rawJSON(number), exact: number }
}

/** A histogram or a summary: what stands in `data` as a whole, and what becomes a row of its own. */
interface Parts {
  readonly whole: JsonObject
  readonly rows: readonly (readonly [suffix: string, value: string])[]
}

interface PartNumbers {
  readonly count: bigint
  readonly sum?: number | undefined
  readonly min?: number | undefined
  readonly max?: number | undefined
}

const PART_NAMES = ['sum', 'min', 'max'] as const

/** A sum that is no finite number stands in the whole alone. */
function partsOf(point: PartNumbers): Parts {
  const whole: JsonObject = { count: integerToJson(point.count) }
  const rows: [string, string][] = [['_count', writeExact(point.count)]]
  for (const name of PART_NAMES) {
    const value = point[name]
    if (value === undefined) continue
    whole[name] = doubleToJson(value)
    if (Number.isFinite(value)) rows.push([`_${name}`, writeDouble(value)])
  }
  return { whole, rows }
}

/** The row of the whole has no value: those of its parts have. */
function withParts(point: Point, head: MetricHead, content: JsonObject, { rows }: Parts): PointRows {
  const ofPoint = writePoint(point, head)
  const { json, isPlain } = writeJson(content)
  const parts = rows.map(([suffix, value]): WrittenEvent => {
    // A number of observations has no unit.
    const unit = suffix === '_count' ? '' : head.unit
    return {
      text: `{"data":${head.name}${suffix}"${value}${unit}${ofPoint.json}}}`,
      isPlain: ofPoint.isPlain,
    }
  })
  const whole = writeWhole(point, head, `,${json.slice(1, -1)}`, isPlain, ofPoint)
  return { rows: [whole, ...parts], time: point.timeUnixNano }
}

/** @param content members with commas before them */
function writeWhole(
  { flags, exemplars = [] }: Point,
  head: MetricHead,
  content: string,
  isPlain: boolean,
  ofPoint: WrittenJson,
): WrittenEvent {
  const ofExemplars = exemplars.length === 0 ? undefined : writeJson(exemplars.map(describeExemplar))
  let text = `{"data":${head.name}"${content}${head.unit}${ofPoint.json}`
  if (flags !== 0) text += `,"flags":${flags}`
  if (ofExemplars !== undefined) text += `,"exemplars":${ofExemplars.json}`
  return {
    text: `${text}${head.end}}}`,
    isPlain: isPlain && ofPoint.isPlain && ofExemplars?.isPlain !== false,
  }
}

/** What all rows of a point say: members with commas before them. */
function writePoint(point: Point, head: MetricHead): WrittenJson {
  const { attributes: tags, resource, isPlain } = writeTags(head.origin, point.attributes)
  const [timestamp, start] = [timeOfNanos(point.timeUnixNano), timeOfNanos(point.startTimeUnixNano)]
  let json = `,"tags":${tags}`
  if (timestamp !== undefined) json += `,"timestamp":"${timestamp}"`
  json += head.kind
  if (start !== undefined) json += `,"start":"${start}"`
  if (resource !== undefined) json += `,"resource":${resource}`
  return { json, isPlain: isPlain && head.isPlain }
}

function describeExemplar(exemplar: Exemplar): JsonObject {
  const timestamp = timeOfNanos(exemplar.timeUnixNano)
  const [traceId, spanId] = [toHexId(exemplar.traceId), toHexId(exemplar.spanId)]
  return {
    ...describeExemplarValue(exemplar.value),
    ...(timestamp !== undefined && { timestamp }),
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
    ...(exemplar.filteredAttributes.length > 0 && { attributes: toObject(exemplar.filteredAttributes) }),
  }
}

/** It costs its point nothing what an exemplar holds. */
function describeExemplarValue(value: Exemplar['value']): JsonObject {
  if (value.case === undefined) return {}
  return value.case === 'asInt' ? exactValue(value.value) : { value: doubleToJson(value.value) }
}
