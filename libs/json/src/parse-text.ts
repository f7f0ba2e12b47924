import { isJsonObject } from '@runnel/contracts'
import { parseExact } from './exact-numbers.ts'
import { findEscapedNames } from './find-escaped-names.ts'
import { setMember } from './json-object.ts'
import type { JsonObject, JsonValue } from '@runnel/contracts'
import { readMark, writeNames } from './write-names.ts'

/** A member name with an escape in it, or an item of an array: that only costs time. */
const ESCAPED_NAME = /[{,]\s*"[^"\\]*\\/

/** Different names in one text that have to be put back: a hostile one has so many that it stops the process. */
const MAX_MARKED_NAMES = 20_000

/**
 * JSON.parse with every digit of numbers ({@link parseExact}), and without a defect. V8 from 12.8 on looks member names up by their first source characters where an
 * earlier object had a name with a backslash: after `{"\\":0}`, the name `"\n"` is read as a backslash, in any text
 * (https://github.com/nodejs/node/issues/63785). Therefore it never gets to see a name with an escape.
 *
 * @param maxMarkedNames different names that hold quotes, backslashes or control characters
 * @throws SyntaxError
 * @throws RangeError where nesting exhausts the stack
 * @throws AppError too_many_items beyond those names
 */
export function parseText(text: string, maxMarkedNames = MAX_MARKED_NAMES): JsonValue {
  if (!text.includes('\\') || !ESCAPED_NAME.test(text)) return parseExact(text)
  const found = findEscapedNames(text)
  if (found.length === 0) return parseExact(text)
  const written = writeNames(text, found, maxMarkedNames)
  const value = parseExact(written.text)
  return written.marked.length === 0 ? value : restoreNames(value, written.marked)
}

/** In place, but for objects with marks. */
function restoreNames(value: JsonValue, marked: readonly string[]): JsonValue {
  if (!Array.isArray(value)) return isJsonObject(value) ? restoreObject(value, marked) : value
  for (let i = 0; i < value.length; i++) value[i] = restoreNames(value[i]!, marked)
  return value
}

/** From its first mark on, an object is made anew: that costs as much as to read it. */
function restoreObject(value: JsonObject, marked: readonly string[]): JsonObject {
  let renamed: JsonObject | undefined
  for (const name in value) {
    const member = restoreNames(value[name]!, marked)
    const original = readMark(name, marked)
    if (original !== undefined) renamed ??= copyUntil(value, name)
    if (renamed !== undefined) setMember(renamed, original ?? name, member)
    else if (typeof member === 'object') value[name] = member
  }
  return renamed ?? value
}

function copyUntil(value: JsonObject, end: string): JsonObject {
  const copy: JsonObject = {}
  for (const name in value) {
    if (name === end) break
    setMember(copy, name, value[name]!)
  }
  return copy
}
