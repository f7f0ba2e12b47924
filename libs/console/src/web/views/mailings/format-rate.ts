const THREE_DIGITS = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

/** `33.5/s`: a rate is an average, and more digits would mean nothing. */
export function formatRate(perSecond: number): string {
  return `${THREE_DIGITS.format(perSecond)}/s`
}
