import { FIRST_TIME_MS, LAST_TIME_MS } from '@runnel/contracts'

const [FIRST_SECOND, LAST_SECOND] = [FIRST_TIME_MS / 1000, Math.floor(LAST_TIME_MS / 1000)]

/**
 * A time with all of its digits.
 *
 * @param number since 1970, in the unit of the last decimal
 * @param decimals of a second: 0 for seconds, 9 for nanoseconds
 * @returns RFC 3339 with these decimals; empty where it is no time from year 1 to 9999
 */
export function writeEpoch(number: bigint, decimals: number): string {
  const unit = 10n ** BigInt(decimals)
  const rest = ((number % unit) + unit) % unit
  const second = (number - rest) / unit
  if (second < FIRST_SECOND || second > LAST_SECOND) return ''
  const fraction = decimals === 0 ? '' : `.${String(rest).padStart(decimals, '0')}`
  return `${new Date(Number(second) * 1000).toISOString().slice(0, -5)}${fraction}Z`
}
