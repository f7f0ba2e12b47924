import { isExactNumber } from '../json-value.ts'
import { parseTimestamp } from './parse-timestamp.ts'
import { EPOCH_NUMBER } from './read-epoch.ts'

const MS_NS = 1_000_000n

/** The decimals of a second: a time has a point or a comma nowhere else. */
const FRACTION = /[.,](\d+)/

/**
 * A time with what lies beyond its milliseconds, for those who measure by it.
 *
 * @param value as {@link parseTimestamp} takes it
 * @returns nanoseconds since 1970, or undefined where the value is no time
 */
export function readNanoseconds(value: unknown): bigint | undefined {
  const ms = parseTimestamp(value)
  if (ms === undefined) return undefined
  const epoch = epochOf(value)
  if (epoch === null) {
    const fraction = typeof value === 'string' ? FRACTION.exec(value)?.[1] : undefined
    return toNanoseconds(ms) + toBeyond(fraction?.slice(3))
  }
  const beyond = toBeyond(epochDigits(epoch[2]!, epoch[3] ?? ''))
  return toNanoseconds(ms) + (epoch[1] === '-' ? -beyond : beyond)
}

function toNanoseconds(ms: number): bigint {
  return BigInt(Math.trunc(ms)) * MS_NS
}

/** The six digits behind the millisecond; those that were not sent are zeros. */
function toBeyond(digits = ''): bigint {
  return BigInt(digits.slice(0, 6).padEnd(6, '0'))
}

/** @returns null for a time that is no number, and for a number as small as an exponent makes it */
function epochOf(value: unknown): RegExpExecArray | null {
  const text = isExactNumber(value) ? value.rawJSON : String(value)
  // With an exponent, it is read as a double.
  return EPOCH_NUMBER.exec(text) ?? EPOCH_NUMBER.exec(String(Number(text)))
}

/** In the units that parseTimestamp tells apart by their length: digits behind the millisecond. */
function epochDigits(whole: string, fraction: string): string {
  if (whole.length <= 11) return fraction.slice(3)
  if (whole.length <= 13) return fraction
  if (whole.length === 15 || whole.length === 16) return whole.slice(-3) + fraction
  if (whole.length === 18 || whole.length === 19) return whole.slice(-6)
  // A calendar time of 14, 17 or 20 digits.
  return whole.slice(17)
}
