import type { JsonObject } from '@runnel/contracts'
import type {
  ExponentialHistogramDataPoint,
  ExponentialHistogramDataPoint_Buckets,
  HistogramDataPoint,
  SummaryDataPoint,
} from '@runnel/wire/opentelemetry/metrics/v1/metrics'
import { doubleToJson, integerToJson } from './any-value.ts'
import type { MetricHead } from './metric-head.ts'
import { writeJson } from './plain-json.ts'
import { requireRecorded, writePoint, writeWhole, type Point } from './point-text.ts'
import { writeDouble, writeExact } from './row-value.ts'
import type { RecordEvents, WrittenEvent } from './signal.ts'

/** @throws AppError missing_field of a point without a value */
export function histogramRows(point: HistogramDataPoint, head: MetricHead): RecordEvents {
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
export function exponentialRows(point: ExponentialHistogramDataPoint, head: MetricHead): RecordEvents {
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
export function summaryRows(point: SummaryDataPoint, head: MetricHead): RecordEvents {
  requireRecorded(point)
  const parts = partsOf({ count: point.count, sum: point.sum })
  const quantiles = point.quantileValues.map(({ quantile, value }) => ({
    quantile: doubleToJson(quantile),
    value: doubleToJson(value),
  }))
  return withParts(point, head, { summary: { ...parts.whole, quantiles } }, parts)
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
function withParts(point: Point, head: MetricHead, content: JsonObject, { rows }: Parts): RecordEvents {
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
  return { events: [whole, ...parts], hasTime: point.timeUnixNano !== 0n }
}
