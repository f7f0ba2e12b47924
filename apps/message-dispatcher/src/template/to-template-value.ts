import { canonicalNumber, isExactNumber, toDouble, writeNumeric } from '@runnel/contracts'

/**
 * Attributes as templates take them. A number that a double would change becomes text, so that an order's number of 19 digits
 * stands in the message as it was sent; any other is a number, to count and compare with.
 */
export function toTemplateValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isExactNumber(value)) {
    const double = toDouble(value)
    const isKept = Number.isFinite(double) && canonicalNumber(double) === canonicalNumber(value)
    return isKept ? double : writeNumeric(value)
  }
  if (Array.isArray(value)) return value.map(toTemplateValue)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toTemplateValue(member)]))
}
