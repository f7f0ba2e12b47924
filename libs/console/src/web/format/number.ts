const PLAIN = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 })
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** A measured value: six digits are what an eye can compare. */
export function formatValue(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e15 || size < 1e-6)) return value.toExponential(3)
  return size >= 1e6 ? WHOLE.format(value) : PLAIN.format(value)
}

/** A count in full: `12,345`. */
export function formatCount(count: number): string {
  return WHOLE.format(count)
}

/** A count for narrow places: `12.3K`. */
export function formatShort(count: number): string {
  return SHORT.format(count)
}

/** A share of 0 to 1. Only what is really none or all is shown as 0 or 100 %. */
export function formatPercent(share: number): string {
  if (share > 0 && share < 0.001) return '<0.1%'
  if (share < 1 && share > 0.999) return '>99.9%'
  return `${(share * 100).toFixed(share === 0 || share === 1 ? 0 : 1)}%`
}

/** `1 entry`, `2 entries`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}
