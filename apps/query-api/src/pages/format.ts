const PRICE = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 20 })

/** Prices have no currency. Beyond a billion of billions, and far below a cent, digits say nothing any more. */
export function formatPrice(price: number): string {
  if (Math.abs(price) >= 1e18 || (price !== 0 && Math.abs(price) < 1e-12)) return price.toExponential()
  return PRICE.format(price)
}

/** RFC 3339 text as people read it: `2026-01-31 12:00 UTC`. */
export function formatTime(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`
}
