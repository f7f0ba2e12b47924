import { AppError } from '@runnel/contracts'
import type { KeyValue } from '@runnel/wire/opentelemetry/common/v1/common'
import type { Exemplar } from '@runnel/wire/opentelemetry/metrics/v1/metrics'
import { timeOfNanos } from '../shared/time-of-nanos.ts'
import { describeExemplar } from './exemplars.ts'
import type { MetricHead } from './metric-head.ts'
import { writeJson, type WrittenJson } from './plain-json.ts'
import type { WrittenEvent } from './signal.ts'
import { writeTags } from './write-attributes.ts'

/** What the types of points have in common. */
export interface Point {
  readonly attributes: readonly KeyValue[]
  readonly startTimeUnixNano: bigint
  readonly timeUnixNano: bigint
  readonly flags: number
  readonly exemplars?: readonly Exemplar[]
}

/** The bit that says that there is no value: a series that has ended. */
const NO_RECORDED_VALUE = 1

/** @throws AppError missing_field of a point that says that it has no value */
export function requireRecorded({ flags }: Point): void {
  if ((flags & NO_RECORDED_VALUE) !== 0) throw noValue()
}

export function noValue(): AppError {
  return new AppError('missing_field', 'The data point has no value', {
    field: 'value',
    expected: 'a number',
  })
}

/** @param content members with commas before them */
export function writeWhole(
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
export function writePoint(point: Point, head: MetricHead): WrittenJson {
  const { attributes: tags, resource, isPlain } = writeTags(head.origin, point.attributes)
  const [timestamp, start] = [timeOfNanos(point.timeUnixNano), timeOfNanos(point.startTimeUnixNano)]
  let json = `,"tags":${tags}`
  if (timestamp !== undefined) json += `,"timestamp":"${timestamp}"`
  json += head.kind
  if (start !== undefined) json += `,"start":"${start}"`
  if (resource !== undefined) json += `,"resource":${resource}`
  return { json, isPlain: isPlain && head.isPlain }
}
