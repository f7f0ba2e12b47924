import { AppError } from '@runnel/contracts'
import { skipBlanks } from '../split-array.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const ARRAY_START = 0x5b
const ARRAY_END = 0x5d
const OBJECT_START = 0x7b
const OBJECT_END = 0x7d
const COMMA = 0x2c
const COLON = 0x3a

/** A member of an object, as it stands in the text. */
export interface MemberText {
  readonly name: string
  /** Its name and its value. */
  readonly text: string
  readonly value: string
}

/**
 * The members of a JSON object, without a look into their values: where each value is JSON, so is the object.
 *
 * @param visit a member at a time
 * @throws AppError bad_json where the text is no object
 */
export function splitMembers(text: string, visit: (member: MemberText) => void): void {
  let at = expectUnit(text, skipBlanks(text, 0), OBJECT_START)
  if (text.charCodeAt(at) === OBJECT_END) return requireEnd(text, at + 1)
  for (;;) {
    if (text.charCodeAt(at) !== QUOTE) throw malformed()
    const nameEnd = endOfString(text, at)
    const valueStart = expectUnit(text, skipBlanks(text, nameEnd), COLON)
    const valueEnd = endOfValue(text, valueStart)
    visit({
      name: readName(text.slice(at, nameEnd)),
      text: text.slice(at, valueEnd),
      value: text.slice(valueStart, valueEnd),
    })
    const next = skipBlanks(text, valueEnd)
    if (text.charCodeAt(next) === OBJECT_END) return requireEnd(text, next + 1)
    at = expectUnit(text, next, COMMA)
  }
}

/**
 * The items of a JSON array, likewise.
 *
 * @throws AppError bad_json where the text does not end as an array
 */
export function splitItems(text: string, visit: (item: string) => void): void {
  let at = expectUnit(text, skipBlanks(text, 0), ARRAY_START)
  if (text.charCodeAt(at) === ARRAY_END) return requireEnd(text, at + 1)
  for (;;) {
    const end = endOfValue(text, at)
    visit(text.slice(at, end))
    const next = skipBlanks(text, end)
    if (text.charCodeAt(next) === ARRAY_END) return requireEnd(text, next + 1)
    at = expectUnit(text, next, COMMA)
  }
}

/** @returns where the first character behind the expected one and blanks is */
function expectUnit(text: string, at: number, unit: number): number {
  if (text.charCodeAt(at) !== unit) throw malformed()
  return skipBlanks(text, at + 1)
}

function requireEnd(text: string, at: number): void {
  if (skipBlanks(text, at) < text.length) throw malformed()
}

function readName(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return JSON.parse(quoted) as string
  } catch {
    throw malformed()
  }
}

/** @returns the index behind the value that begins there; of a number or a word, behind all that could belong to it */
function endOfValue(text: string, start: number): number {
  const unit = text.charCodeAt(start)
  if (unit === QUOTE) return endOfString(text, start)
  if (unit === OBJECT_START || unit === ARRAY_START) return endOfNested(text, start)
  let end = start
  while (end < text.length && !endsWord(text.charCodeAt(end))) end++
  if (end === start) throw malformed()
  return end
}

function endsWord(unit: number): boolean {
  return unit === COMMA || unit === OBJECT_END || unit === ARRAY_END || unit <= 0x20
}

function endOfNested(text: string, start: number): number {
  let depth = 0
  for (let i = start; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i) - 1
        break
      case OBJECT_START:
      case ARRAY_START:
        depth++
        break
      case OBJECT_END:
      case ARRAY_END:
        if (--depth === 0) return i + 1
    }
  }
  throw malformed()
}

/** @returns the index behind the quote that ends it */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return end + 1
  }
  throw malformed()
}

function malformed(): AppError {
  return new AppError('bad_json', 'This is not valid JSON', { expected: 'JSON' })
}
