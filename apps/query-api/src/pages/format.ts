import { canonicalNumber, toDouble, writeNumeric, type JsonNumber } from '@runnel/contracts'

const PRICE = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 100 })

/**
 * Prices have no currency; every digit is shown. Beyond a billion of billions, and far below a cent, digits say nothing any
 * more.
 */
export function formatPrice(price: JsonNumber): string {
  const double = Math.abs(toDouble(price))
  if (double >= 1e18 || double < 1e-12)
    return canonicalNumber(price) === '0' ? PRICE.format(0) : toScientific(price)
  // Takes decimals as text, which type definitions do not say of their own.
  return PRICE.format(writeNumeric(price) as `${number}`)
}

/** As 1.23e+45: that number's own digits. */
function toScientific(price: JsonNumber): string {
  const [, sign = '', digits = '', exponent = ''] = /^(-?)(\d+)e(-?\d+)$/.exec(canonicalNumber(price)) ?? []
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
  const power = Number(exponent) + digits.length - 1
  return `${sign}${digits[0] ?? ''}${fraction}e${power < 0 ? '' : '+'}${power}`
}

/** RFC 3339 text as people read it: `2026-01-31 12:00 UTC`. */
export function formatTime(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`
}
