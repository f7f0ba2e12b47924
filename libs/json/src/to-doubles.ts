import { isExactNumber, isJsonObject, toDouble, type JsonValue } from '@runnel/contracts'
import { setMember } from './json-object.ts'

/**
 * Numbers with their text as doubles, in place: for bodies whose numbers are settings and whose schema is checked next.
 *
 * @param levels below which numbers stay as they are
 */
export function toDoubles(value: JsonValue, levels = Infinity): JsonValue {
  if (isExactNumber(value)) return toDouble(value)
  if (levels === 0) return value
  if (Array.isArray(value)) for (const [i, item] of value.entries()) value[i] = toDoubles(item, levels - 1)
  else if (isJsonObject(value)) {
    for (const name in value) {
      const member = value[name]!
      if (typeof member === 'object') setMember(value, name, toDoubles(member, levels - 1))
    }
  }
  return value
}
