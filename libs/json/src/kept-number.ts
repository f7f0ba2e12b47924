import { readDecimal, type ExactNumber } from '@runnel/contracts'

/** Significant digits that are kept; zeros behind them count where a point or an exponent makes them decimal places. */
export const MAX_DIGITS = 100

/** Of an exponent as it was written, up and down. */
export const MAX_EXPONENT = 400

/**
 * Places between a number's first digit and the point: those that the greatest exponent and all digits make together.
 * Without an exponent, a number may be written with as many zeros, so that what was written out is taken again.
 */
export const MAX_PLACES = MAX_EXPONENT + MAX_DIGITS

/** @returns whether a number comes back from PostgreSQL with the value and the zeros that it has */
export function isKeptNumber({ rawJSON }: ExactNumber): boolean {
  const { digits, exponent, writtenExponent } = readDecimal(rawJSON)
  if (Math.abs(writtenExponent) > MAX_EXPONENT) return false
  const significant = exponent < 0 ? digits.length : digits.replace(/0+$/, '').length
  return significant <= MAX_DIGITS && Math.abs(exponent + digits.length) <= MAX_PLACES
}
