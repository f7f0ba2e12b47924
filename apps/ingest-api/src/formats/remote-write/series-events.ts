import type { JsonObject, JsonValue } from '@runnel/contracts'
import { setMember } from '@runnel/json'
import type { SpecialValue } from '@runnel/wire/special-value'
import { toHistogramData, toJsonNumber } from './histogram-data.ts'
import type { WrittenExemplar, WrittenHistogram, WrittenSample, WrittenSeries } from './written-series.ts'

/** Receives an event: as text, and what the text says. */
type AddEvent = (text: string, value: JsonObject) => void

/** What all events of a series share. */
export interface SeriesHead {
  readonly name: string
  readonly tags: JsonObject
  /** JSON of what stands before and behind the value of a sample; a time and the end follow. */
  readonly before: string
  readonly behind: string
  readonly more: JsonObject
}

const NAME = '__name__'

/**
 * @param tenant becomes the tag `tenant`, unless the series has a label of that name
 * @throws Error whose message says why the series cannot be kept
 */
export function toSeriesHead(
  { labels, kind, unit, startMs, problem }: WrittenSeries,
  tenant: string,
): SeriesHead {
  if (problem !== undefined) throw new Error(problem)
  let name = ''
  const tags: JsonObject = {}
  for (const [label, value] of labels) {
    if (label === '') throw new Error('A label has no name')
    if (label === NAME ? name !== '' : Object.hasOwn(tags, label)) throw new Error('A label is there twice')
    if (label === NAME) name = value
    // An empty value is the same as no label.
    else if (value !== '') setMember(tags, label, value)
  }
  if (name === '') throw new Error('The series has no name: the label __name__ is missing')
  if (tenant !== '' && !Object.hasOwn(tags, 'tenant')) tags['tenant'] = tenant
  const more: JsonObject = {
    ...(unit !== undefined && { unit }),
    ...(kind !== undefined && { kind }),
    ...(startMs !== undefined && { start: toTime(startMs) }),
  }
  const rest = JSON.stringify(more).slice(1, -1)
  return {
    ...{ name, tags, more },
    before: `{"data":{"name":${JSON.stringify(name)},`,
    behind: `,"tags":${JSON.stringify(tags)}${rest === '' ? '' : `,${rest}`},"timestamp":"`,
  }
}

/** The hot path: text is put together from what its series has ready. @throws Error where its time is invalid */
export function addSample(
  { name, tags, before, behind, more }: SeriesHead,
  { value, special, timestampMs }: WrittenSample,
  exemplars: readonly WrittenExemplar[],
  add: AddEvent,
): void {
  const timestamp = toTime(timestampMs)
  if (exemplars.length > 0) {
    const known = special === undefined ? { value } : { special }
    return addData(
      { name, ...known, tags, ...more, timestamp, exemplars: exemplars.map(toExemplarData) },
      add,
    )
  }
  if (special !== undefined) {
    const text = `${before}"special":"${special}"${behind}${timestamp}"}}`
    return add(text, { data: { name, special, tags, ...more, timestamp } })
  }
  // In JSON, zero has its sign too.
  const number = value === 0 && 1 / value < 0 ? '-0' : String(value)
  add(`${before}"value":${number}${behind}${timestamp}"}}`, {
    data: { name, value, tags, ...more, timestamp },
  })
}

/** An exemplar whose series brought no sample along: an event without a value. */
export function addExemplar(
  { name, tags, more }: SeriesHead,
  exemplar: WrittenExemplar,
  add: AddEvent,
): void {
  const timestamp = toTime(exemplar.timestampMs)
  addData({ name, tags, ...more, timestamp, exemplars: [toExemplarData(exemplar)] }, add)
}

/** A native histogram: whole, in an event without a value, and its count and its sum as events of their own. */
export function addHistogram(
  { name, tags, more }: SeriesHead,
  { histogram, special }: WrittenHistogram,
  exemplars: readonly WrittenExemplar[],
  add: AddEvent,
): void {
  const rest = { tags, ...more, timestamp: toTime(Number(histogram.timestamp)) }
  const isStale = special === 'stale'
  const kept = isStale ? { special } : { nativeHistogram: toHistogramData(histogram) }
  const found = exemplars.length > 0 ? { exemplars: exemplars.map(toExemplarData) } : {}
  addData({ name, ...kept, ...rest, ...found }, add)
  const count = isStale ? { special } : valueOf(histogram.count.value ?? 0)
  addData({ name: `${name}_count`, ...count, ...rest }, add)
  addData({ name: `${name}_sum`, ...(special ? { special } : { value: histogram.sum }), ...rest }, add)
}

/** With all digits beside it where the column of doubles cannot hold it. */
function valueOf(count: number | bigint): JsonObject {
  if (typeof count === 'number')
    return Number.isFinite(count) ? { value: count } : { special: specialOf(count) }
  const value = toJsonNumber(count)
  return typeof value === 'number' ? { value } : { value, exact: String(count) }
}

function specialOf(value: number): SpecialValue {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}

function toExemplarData({ labels, value, timestampMs }: WrittenExemplar): JsonValue {
  const named: JsonObject = {}
  for (const [name, text] of labels) setMember(named, name, text)
  return { value: toJsonNumber(value), timestamp: toTime(timestampMs), labels: named }
}

function addData(data: JsonObject, add: AddEvent): void {
  const event = { data }
  add(JSON.stringify(event), event)
}

/** Most samples of a request are of the same few scrapes. */
let last = { ms: NaN, text: '' }

/** @throws RangeError where it is no time */
function toTime(ms: number): string {
  if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() }
  return last.text
}
