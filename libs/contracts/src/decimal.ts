import type { JsonNumber } from './json-value.ts'

/** A number of JSON as decimal digits, none of which is lost. */
interface Decimal {
  readonly negative: boolean
  /** Without leading zeros; empty for zero. The last one stands `exponent` places before the point. */
  readonly digits: string
  readonly exponent: number
  /** The exponent that it was written with; 0 without one. */
  readonly writtenExponent: number
}

const NUMBER = /^(-?)0*(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/** @param number as JSON writes it */
export function readDecimal(number: string): Decimal {
  const [, sign, whole = '', fraction = '', written = '0'] = NUMBER.exec(number) ?? []
  const writtenExponent = Number(written)
  const digits = whole === '' ? fraction.replace(/^0+/, '') : whole + fraction
  return {
    negative: sign === '-' && digits !== '',
    digits,
    exponent: writtenExponent - fraction.length,
    writtenExponent,
  }
}

/** The JSON text of a number. */
function numberText(number: JsonNumber): string {
  return typeof number === 'number' ? String(number) : number.rawJSON
}

/** The same text for numbers of the same value: without zeros at the end, in powers of ten. */
export function canonicalNumber(number: JsonNumber): string {
  const { negative, digits, exponent } = readDecimal(numberText(number))
  const kept = digits.replace(/0+$/, '')
  if (kept === '') return '0'
  return `${negative ? '-' : ''}${kept}e${exponent + digits.length - kept.length}`
}

/**
 * Compares by decimal value. @param a as JSON writes it, like `b`; with an exponent of some hundreds at most
 *
 * @returns less than 0, 0 or more than 0, as a sort wants it
 */
export function compareDecimals(a: string, b: string): number {
  const [left, right] = [readDecimal(a), readDecimal(b)]
  const exponent = Math.min(left.exponent, right.exponent)
  const difference = toUnits(left, exponent) - toUnits(right, exponent)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** In units of ten to the power of `exponent`. */
function toUnits(decimal: Decimal, exponent: number): bigint {
  const units = BigInt(decimal.digits) * 10n ** BigInt(decimal.exponent - exponent)
  return decimal.negative ? -units : units
}

/** A number as PostgreSQL writes it out of numeric and jsonb: never with an exponent, with the zeros it was written with. */
export function writeNumeric(number: JsonNumber): string {
  if (Number.isSafeInteger(number)) return String(number)
  const { negative, digits, exponent } = readDecimal(numberText(number))
  const sign = negative ? '-' : ''
  if (exponent >= 0) return digits === '' ? '0' : sign + digits + '0'.repeat(exponent)
  const padded = digits.padStart(1 - exponent, '0')
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`
}

/** Length of {@link writeNumeric}, without writing it. */
export function numericLength(number: JsonNumber): number {
  if (Number.isSafeInteger(number)) return String(number).length
  const { negative, digits, exponent } = readDecimal(numberText(number))
  const sign = negative ? 1 : 0
  if (exponent >= 0) return digits === '' ? 1 : sign + digits.length + exponent
  return sign + Math.max(digits.length, 1 - exponent) + 1
}

/** @returns the nearest double; infinite where there is none */
export function toDouble(number: JsonNumber): number {
  return typeof number === 'number' ? number : Number(number.rawJSON)
}

/** @returns the number where it is an integer within 2^53, however it was written (`5`, `5.0`, `5e0`); else NaN */
export function toInteger(number: JsonNumber): number {
  const double = toDouble(number)
  const isExact = Number.isSafeInteger(double) && canonicalNumber(number) === canonicalNumber(double)
  return isExact ? double : NaN
}
