/** In the order of their codes: texts of one length sort as their numbers do. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BASE = BigInt(DIGITS.length)

/** @returns a number that is not negative, with zeros in front up to `length` digits */
export function writeBase62(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; rest > 0n; rest /= BASE) text = DIGITS[Number(rest % BASE)] + text
  return text.padStart(length, '0')
}

/** {@link writeBase62} of numbers up to 2^32, which is faster by far. */
export function writeShortBase62(value: number, length: number): string {
  let text = ''
  for (let rest = value; rest > 0; rest = Math.floor(rest / DIGITS.length))
    text = DIGITS[rest % DIGITS.length]! + text
  return text.padStart(length, '0')
}
