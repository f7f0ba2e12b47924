import { canonicalNumber, isExactNumber, type JsonValue } from '@runnel/contracts'

/**
 * JSON text that is the same for equal values: members in one order, numbers by their decimal value, none of whose digits
 * is lost (1.0 as 1, -0 as 0).
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'number' || isExactNumber(value)) return canonicalNumber(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name]!)}`)
  return `{${members.join(',')}}`
}
