const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const BROKEN = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 20 })

/** Prices have no currency. Beyond a billion of billions digits say nothing any more. */
export function formatPrice(price: number): string {
  if (Math.abs(price) >= 1e18 || (price !== 0 && Math.abs(price) < 1e-12)) return price.toExponential()
  return (Number.isInteger(price) ? WHOLE : BROKEN).format(price)
}

/** RFC 3339 text as people read it: `2026-01-31 12:00 UTC`. */
export function formatTime(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`
}
