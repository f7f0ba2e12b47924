import { isExactNumber } from '../json-value.ts'
import { parseTimestamp } from './parse-timestamp.ts'

const MS_NS = 1_000_000n

/** A time with the decimals of its second. */
const FRACTION = /:\d\d[.,](\d+)/

const EPOCH = /^(\d+)(?:\.(\d*))?$/

/**
 * A time with what lies beyond its milliseconds, for those who measure by it.
 *
 * @param value as {@link parseTimestamp} takes it
 * @returns nanoseconds since 1970, or undefined where the value is no time
 */
export function readNanoseconds(value: unknown): bigint | undefined {
  const ms = parseTimestamp(value)
  return ms === undefined ? undefined : BigInt(Math.trunc(ms)) * MS_NS + BigInt(beyondMs(value))
}

/** @returns the six digits behind the millisecond; those that were not sent are zeros */
function beyondMs(value: unknown): string {
  const text = isExactNumber(value) ? value.rawJSON : String(value)
  const epoch = EPOCH.exec(text)
  const digits = epoch
    ? epochDigits(epoch[1]!, epoch[2] ?? '')
    : (FRACTION.exec(text)?.[1]?.slice(3, 9) ?? '')
  return digits.padEnd(6, '0')
}

/** In the units that parseTimestamp tells apart by their length; what spells a calendar time is written to the millisecond. */
function epochDigits(whole: string, fraction: string): string {
  if (whole.length <= 11) return fraction.slice(3, 9)
  if (whole.length <= 13) return fraction.slice(0, 6)
  if (whole.length === 15 || whole.length === 16) return (whole.slice(-3) + fraction).slice(0, 6)
  return whole.length === 18 || whole.length === 19 ? whole.slice(-6) : ''
}
