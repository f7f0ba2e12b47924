import { isIndexedText } from '@runnel/contracts'
import { mayHoldBadText } from '@runnel/json'
import { LabelNames } from './label-names.ts'
import { EMPTY } from '../shared/empty-text.ts'
import { toSeriesTime } from './series-times.ts'
import type { WrittenSeries } from './written-series.ts'

/** What all events of a series share, as JSON. */
export interface SeriesHead {
  readonly name: string
  /** What stands behind an event's own members: a time, its quotation mark and the end follow. */
  readonly behind: string
  /** An index takes the name, which is no longer than as JSON, and PostgreSQL takes all texts. */
  readonly isPlain: boolean
}

const NAME = '"__name__"'
const TENANT = '"tenant"'

/**
 * @param tenant becomes the tag `tenant`, unless the series has a label of that name
 * @throws Error whose message says why the series cannot be kept
 */
export function toSeriesHead(series: WrittenSeries, tenant: string): SeriesHead {
  const { labels, kind, unit, startMs, problem } = series
  if (problem !== undefined) throw new Error(problem)
  const names = new LabelNames()
  let name = EMPTY
  let tags = ''
  for (const [label, value] of labels) {
    if (label === EMPTY) throw new Error('A label has no name')
    if (label === NAME) {
      if (name !== EMPTY) throw new Error('A label is there twice')
      name = value
    } else if (value !== EMPTY) {
      // An empty value is the same as no label.
      if (!names.add(label)) throw new Error('A label is there twice')
      tags += `,${label}:${value}`
    } else if (names.has(label)) throw new Error('A label is there twice')
  }
  if (name === EMPTY) throw new Error('The series has no name: the label __name__ is missing')
  if (tenant !== '' && !names.has(TENANT)) tags += `,${TENANT}:${JSON.stringify(tenant)}`
  let behind = `,"tags":{${tags.slice(1)}}`
  if (unit !== undefined) behind += `,"unit":${unit}`
  if (kind !== undefined) behind += `,"kind":"${kind}"`
  if (startMs !== undefined) behind += `,"start":"${toSeriesTime(startMs).text}"`
  const isPlain = isIndexedText(name) && !mayHoldBadText(name) && !mayHoldBadText(behind)
  return { name, behind: `${behind},"timestamp":"`, isPlain }
}
