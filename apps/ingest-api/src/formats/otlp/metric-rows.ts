import { AppError, type JsonObject } from '@runnel/contracts'
import { setMember } from '@runnel/json'
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
import { mergeAttributes, SERVICE_NAME, type Origin } from './origin.ts'

/** What all points of a metric have in common. */
export interface MetricHead {
  readonly name: string
  readonly unit: string | undefined
  readonly kind: string
  readonly temporality?: string | undefined
  readonly monotonic?: boolean
  /** What rows that hold a whole point have besides. */
  readonly about: JsonObject
  readonly origin: Origin
}

export interface PointRows {
  readonly rows: readonly JsonObject[]
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
  return { rows: [wholeRow(point, head, value, describePoint(point, head))], time: point.timeUnixNano }
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

/** Members of a row that say a number. */
function readNumber(value: NumberDataPoint['value'] | Exemplar['value']): JsonObject {
  if (value.case === 'asInt') return exactValue(value.value)
  if (value.case !== 'asDouble') throw noValue()
  if (Number.isFinite(value.value)) return { value: value.value }
  throw new AppError('number_out_of_range', `The value is ${value.value}`, {
    field: 'value',
    expected: 'a finite number',
  })
}

/** Beyond 2^53 the digits stand beside the number, for readers whose JSON knows doubles alone. */
function exactValue(integer: bigint): JsonObject {
  const number = integerToJson(integer)
  return typeof number === 'number' ? { value: number } : { value: JSON.rawJSON(number), exact: number }
}

/** A histogram or a summary: what stands in `data` as a whole, and what becomes a row of its own. */
interface Parts {
  readonly whole: JsonObject
  readonly rows: readonly (readonly [suffix: string, value: JsonObject])[]
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
  const rows: [string, JsonObject][] = [['_count', exactValue(point.count)]]
  for (const name of PART_NAMES) {
    const value = point[name]
    if (value === undefined) continue
    whole[name] = doubleToJson(value)
    if (Number.isFinite(value)) rows.push([`_${name}`, { value }])
  }
  return { whole, rows }
}

/** The row of the whole has no value: those of its parts have. */
function withParts(point: Point, head: MetricHead, content: JsonObject, { rows }: Parts): PointRows {
  const about = describePoint(point, head)
  const parts = rows.map(([suffix, value]) => {
    // A number of observations has no unit.
    const unit = suffix === '_count' ? undefined : head.unit
    return {
      data: { name: `${head.name}${suffix}`, ...value, ...(unit !== undefined && { unit }), ...about },
    }
  })
  return { rows: [wholeRow(point, head, content, about), ...parts], time: point.timeUnixNano }
}

function wholeRow(point: Point, head: MetricHead, content: JsonObject, ofPoint: JsonObject): JsonObject {
  const { flags, exemplars } = point
  const data: JsonObject = { name: head.name, ...content }
  if (head.unit !== undefined) data['unit'] = head.unit
  Object.assign(data, ofPoint)
  if (flags !== 0) data['flags'] = flags
  if (exemplars !== undefined && exemplars.length > 0) data['exemplars'] = exemplars.map(describeExemplar)
  Object.assign(data, head.about)
  if (head.origin.scope !== undefined) data['scope'] = head.origin.scope
  return { data }
}

/** What all rows of a point say. */
function describePoint(point: Point, { kind, temporality, monotonic, origin }: MetricHead): JsonObject {
  const { tags, resource } = mergeTags(point.attributes, origin)
  const [timestamp, start] = [timeOfNanos(point.timeUnixNano), timeOfNanos(point.startTimeUnixNano)]
  const about: JsonObject = { tags }
  if (timestamp !== undefined) about['timestamp'] = timestamp
  about['kind'] = kind
  if (temporality !== undefined) about['temporality'] = temporality
  if (monotonic !== undefined) about['monotonic'] = monotonic
  if (start !== undefined) about['start'] = start
  if (resource !== undefined) about['resource'] = resource
  return about
}

/** The merged attributes are a copy already: they become tags in place. */
function mergeTags(own: readonly KeyValue[], origin: Origin) {
  const { attributes: tags, service, resource } = mergeAttributes(origin, own)
  for (const name in tags) {
    const value = tags[name]!
    if (typeof value === 'object' && value !== null) setMember(tags, name, JSON.stringify(value))
  }
  // An attribute of that name stays what it is.
  if (service !== undefined) tags[Object.hasOwn(tags, 'service') ? SERVICE_NAME : 'service'] = service
  return { tags, resource }
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
