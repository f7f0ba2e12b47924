const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BASE = BigInt(DIGITS.length)

/** @returns a number that is not negative, with zeros in front up to `length` digits */
export function writeBase62(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; rest > 0n; rest /= BASE) text = DIGITS[Number(rest % BASE)] + text
  return text.padStart(length, '0')
}

/** @returns the number that digits of base62 stand for; characters that are no digits must have been refused before */
export function readBase62(text: string): bigint {
  let value = 0n
  for (const digit of text) value = value * BASE + BigInt(DIGITS.indexOf(digit))
  return value
}
