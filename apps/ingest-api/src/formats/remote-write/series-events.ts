import type { JsonObject } from '@runnel/contracts'
import { toHistogramData, toJsonNumber } from '@runnel/wire/histogram-data'
import type { SpecialValue } from '@runnel/wire/special-value'
import type { SeriesHead } from './series-head.ts'
import { toSeriesTime, type SeriesTime } from './series-times.ts'
import type { WrittenExemplar, WrittenHistogram, WrittenSample } from './written-series.ts'

/** @param own JSON of members that the event has beside those of its series */
function toEvent({ name, behind }: SeriesHead, own: string, { text }: SeriesTime, exemplars = ''): string {
  return `{"data":{"name":${name}${own}${behind}${text}"${exemplars}}}`
}

/** @param time of the sample */
export function sampleEvent(
  head: SeriesHead,
  { value, special }: WrittenSample,
  time: SeriesTime,
  exemplars: readonly WrittenExemplar[],
): string {
  return toEvent(
    head,
    special === undefined ? valueMember(value) : specialMember(special),
    time,
    list(exemplars),
  )
}

function valueMember(value: number): string {
  return `,"value":${valueText(value)}`
}

/** In JSON, zero has its sign too. */
export function valueText(value: number): string {
  return Object.is(value, -0) ? '-0' : `${value}`
}

export function specialMember(special: SpecialValue): string {
  return `,"special":"${special}"`
}

/** An exemplar whose series brought no sample along: an event without a value. @throws RangeError where its time is not valid */
export function exemplarEvent(head: SeriesHead, exemplar: WrittenExemplar): string {
  return toEvent(head, '', toSeriesTime(exemplar.timestampMs), list([exemplar]))
}

/**
 * A native histogram: whole, in an event without a value, and its count and its sum as events of their own.
 *
 * @throws RangeError where a time is not valid
 */
export function histogramEvents(
  head: SeriesHead,
  { histogram, special }: WrittenHistogram,
  exemplars: readonly WrittenExemplar[],
): string[] {
  const time = toSeriesTime(Number(histogram.timestamp))
  const stale = special === 'stale' ? specialMember(special) : undefined
  // A marker stands in the place of a value, whatever the histogram around it says.
  const whole = `${stale ?? ''},"nativeHistogram":${JSON.stringify(toHistogramData(histogram))}`
  const sum = special === undefined ? `,"value":${JSON.stringify(histogram.sum)}` : specialMember(special)
  return [
    toEvent(head, whole, time, list(exemplars)),
    toEvent(withSuffix(head, '_count'), stale ?? countMembers(histogram.count.value ?? 0), time),
    toEvent(withSuffix(head, '_sum'), sum, time),
  ]
}

function withSuffix(head: SeriesHead, suffix: string): SeriesHead {
  return { ...head, name: `${head.name.slice(0, -1)}${suffix}"` }
}

/** With all digits beside it where the column of doubles cannot hold it. */
function countMembers(count: number | bigint): string {
  if (typeof count === 'number' && !Number.isFinite(count)) return specialMember(specialOf(count))
  const value = toJsonNumber(count)
  const exact: JsonObject = typeof value === 'number' ? {} : { exact: String(count) }
  return `,${JSON.stringify({ value, ...exact }).slice(1, -1)}`
}

function specialOf(value: number): SpecialValue {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}

/** @returns the member `exemplars`, if there are any. @throws RangeError where the time of one is not valid */
function list(exemplars: readonly WrittenExemplar[]): string {
  return exemplars.length === 0 ? '' : `,"exemplars":[${exemplars.map(describeExemplar).join(',')}]`
}

/** Of labels with one name the last one counts. */
function describeExemplar({ labels, value, timestampMs }: WrittenExemplar): string {
  const named = [...new Map(labels)].map(([name, text]) => `${name}:${text}`)
  const number = JSON.stringify(toJsonNumber(value))
  return `{"value":${number},"timestamp":"${toSeriesTime(timestampMs).text}","labels":{${named.join(',')}}}`
}
