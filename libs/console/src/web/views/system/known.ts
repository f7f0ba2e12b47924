import { formatBytes } from '../../format/bytes.ts'
import { formatDuration } from '../../format/duration.ts'
import { formatCount } from '../../format/number.ts'

/** What stands where something is not known. */
const UNKNOWN = '–'

export function knownCount(count: number | null): string {
  return count === null ? UNKNOWN : formatCount(count)
}

export function knownBytes(bytes: number | null): string {
  return bytes === null ? UNKNOWN : formatBytes(bytes)
}

/** A length of time; less than a millisecond is none. */
export function knownSeconds(seconds: number | null): string {
  if (seconds === null) return UNKNOWN
  return seconds < 0.001 ? 'none' : formatDuration(seconds * 1000)
}
