import { isIndexedText, type JsonValue } from '@runnel/contracts'

/** @returns a text that says something and fits into an index, as services and levels have to; undefined for all else */
export function indexedText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && isIndexedText(value) && value.trim() !== '' ? value : undefined
}

/** @returns the first of the members that holds such a text */
export function firstIndexedText(
  object: Readonly<Record<string, JsonValue>>,
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const text = Object.hasOwn(object, name) ? indexedText(object[name]) : undefined
    if (text !== undefined) return text
  }
  return undefined
}
