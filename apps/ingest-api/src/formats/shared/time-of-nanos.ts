const NANO_DIGITS = 9

/** The times of the last two texts: points of a metric have the same two, a time and a start. */
let last = { nanos: 0n, text: '' }
let beforeLast = last
/** Most records of a request are of the same second. */
let lastSecond = ''
let lastSecondText = ''

/**
 * @param nanos since 1970, of 64 bits
 * @returns RFC 3339 text in UTC with nine decimals, undefined for 0: it stands for an unknown time
 */
export function timeOfNanos(nanos: bigint): string | undefined {
  if (nanos === 0n) return undefined
  if (nanos === last.nanos) return last.text
  if (nanos === beforeLast.nanos) return beforeLast.text
  beforeLast = last
  last = { nanos, text: timeOfNanoDigits(nanos.toString().padStart(NANO_DIGITS + 1, '0')) }
  return last.text
}

/**
 * Digits are cut apart rather than divided: that takes a third of the time.
 *
 * @param digits nanoseconds since 1970, ten digits or more
 * @returns as {@link timeOfNanos}
 */
export function timeOfNanoDigits(digits: string): string {
  const second = digits.slice(0, -NANO_DIGITS)
  if (second !== lastSecond) {
    lastSecondText = new Date(Number(second) * 1000).toISOString().slice(0, 20)
    lastSecond = second
  }
  return `${lastSecondText}${digits.slice(-NANO_DIGITS)}Z`
}
