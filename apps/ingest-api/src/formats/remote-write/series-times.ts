import { parseTimestamp } from '@runnel/contracts'
import { toPiece } from '../shared/byte-writer.ts'

export interface SeriesTime {
  /** Milliseconds since 1970. */
  readonly ms: number
  readonly text: string
  readonly bytes: Uint8Array
  /** Whether an event may have it: what lies beyond the year 9999 is written, and refused. */
  readonly isKept: boolean
}

/** A prime, so that scrapes at whole seconds have places of their own. */
const REMEMBERED_TIMES = 251

/** Samples of a request are of the same few scrapes, again in each series. */
const remembered: SeriesTime[] = Array<SeriesTime>(REMEMBERED_TIMES).fill({
  ms: NaN,
  text: '',
  bytes: toPiece(''),
  isKept: false,
})

/** @throws RangeError where it is no time */
export function toSeriesTime(ms: number): SeriesTime {
  const place = Math.abs(ms) % REMEMBERED_TIMES
  const known = remembered[place]
  if (known?.ms === ms) return known
  const text = new Date(ms).toISOString()
  const time = { ms, text, bytes: toPiece(text), isKept: parseTimestamp(text) !== undefined }
  remembered[place] = time
  return time
}
