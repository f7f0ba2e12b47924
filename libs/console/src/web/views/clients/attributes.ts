import { isExactNumber, parseJson } from '../../api/parse-json.ts'
import type { Attributes } from '../../api/clients.ts'

/** Attributes as a person writes them. */
export function formatAttributes(attributes: Attributes): string {
  return Object.keys(attributes).length === 0 ? '' : JSON.stringify(attributes, null, 2)
}

/** Reads what a person wrote; nothing is no attributes; undefined is no JSON object. */
export function parseAttributes(text: string): Attributes | undefined {
  if (text.trim() === '') return {}
  try {
    const value = parseJson(text)
    const isObject =
      typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value)
    return isObject ? (value as Attributes) : undefined
  } catch {
    return undefined
  }
}

/** The change that leads from one to the other: what is gone becomes null. undefined: there is none. */
export function attributesChange(before: Attributes, after: Attributes): Attributes | undefined {
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name))
  const set = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
  )
  if (gone.length === 0 && set.length === 0) return undefined
  return Object.fromEntries([...gone.map((name) => [name, null]), ...set])
}
