import { MAX_DEPTH } from './require-depth.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OBJECT_START = 0x7b
const OBJECT_END = 0x7d
const ARRAY_START = 0x5b
const ARRAY_END = 0x5d
const COMMA = 0x2c
const COLON = 0x3a
const MINUS = 0x2d
const POINT = 0x2e
const CARRIAGE_RETURN = 0x0d
const ZERO = 0x30
const NINE = 0x39

/** Where a text ends, or is more than what it says: a quote, a backslash, a control character. */
const STOPS = byteSet([QUOTE, BACKSLASH, ...Array(0x20).keys()])

/** What may stand behind a backslash and says one character. `\u` may say half of one, or NUL. */
const ESCAPES = byteSet([...'"\\/bfnrt'].map((one) => one.charCodeAt(0)))

/** Of a number without an exponent: it has as many digits and places at most, see isKeptNumber. */
const MAX_NUMBER_BYTES = 100

/** Not plain, or no JSON. */
export const NOT_PLAIN = -1

/** Judges a member of an object by where its name (without quotes) and its value stand. */
export type MemberJudge = (
  bytes: Uint8Array,
  nameFrom: number,
  nameTo: number,
  valueFrom: number,
  valueTo: number,
) => boolean

/**
 * Reads over an object in JSON of the plainest sort: on one line, without names that are written with a backslash, `\u`, exponents, numbers
 * of more than a hundred characters, and too deep nesting. What is plain can be stored as it stands: checkJson has nothing to say about it,
 * if it is not too large.
 *
 * It takes a quarter of the time of JSON.parse (0.40 us in place of 1.5 us for a log of 300 bytes), and makes no values for the collector.
 *
 * @param bytes UTF-8, of which the last one is a newline: to read behind the end of an array, once, makes all later reading take twice as
 * long
 * @param judge of each member of the outermost object, which is not plain where one of them is refused
 * @returns the index behind it; NOT_PLAIN says nothing of the text: it has to be read
 */
export function endOfPlainJson(bytes: Uint8Array, from: number, judge: MemberJudge): number {
  return bytes[from] === OBJECT_START ? endOfObject(bytes, from, MAX_DEPTH, judge) : NOT_PLAIN
}

/** @param levels that may be left, this one included */
function endOfObject(bytes: Uint8Array, start: number, levels: number, judge?: MemberJudge): number {
  if (levels === 0) return NOT_PLAIN
  let at = skipBlanksOfLine(bytes, start + 1)
  if (bytes[at] === OBJECT_END) return at + 1
  for (;;) {
    const from = at
    if (bytes[at] !== QUOTE) return NOT_PLAIN
    const to = endOfString(bytes, at, false)
    if (to === NOT_PLAIN) return NOT_PLAIN
    at = skipBlanksOfLine(bytes, to)
    if (bytes[at] !== COLON) return NOT_PLAIN
    const value = skipBlanksOfLine(bytes, at + 1)
    at = endOfValue(bytes, value, levels - 1)
    if (at === NOT_PLAIN || (judge !== undefined && !judge(bytes, from + 1, to - 1, value, at)))
      return NOT_PLAIN
    at = skipBlanksOfLine(bytes, at)
    if (bytes[at] === OBJECT_END) return at + 1
    if (bytes[at] !== COMMA) return NOT_PLAIN
    at = skipBlanksOfLine(bytes, at + 1)
  }
}

function endOfArray(bytes: Uint8Array, start: number, levels: number): number {
  if (levels === 0) return NOT_PLAIN
  let at = skipBlanksOfLine(bytes, start + 1)
  if (bytes[at] === ARRAY_END) return at + 1
  for (;;) {
    at = endOfValue(bytes, at, levels - 1)
    if (at === NOT_PLAIN) return NOT_PLAIN
    at = skipBlanksOfLine(bytes, at)
    if (bytes[at] === ARRAY_END) return at + 1
    if (bytes[at] !== COMMA) return NOT_PLAIN
    at = skipBlanksOfLine(bytes, at + 1)
  }
}

function endOfValue(bytes: Uint8Array, at: number, levels: number): number {
  switch (bytes[at]) {
    case QUOTE:
      return endOfString(bytes, at, true)
    case OBJECT_START:
      return endOfObject(bytes, at, levels)
    case ARRAY_START:
      return endOfArray(bytes, at, levels)
    case 0x74:
      return endOfWord(bytes, at, TRUE)
    case 0x66:
      return endOfWord(bytes, at, FALSE)
    case 0x6e:
      return endOfWord(bytes, at, NULL)
    default:
      return endOfNumber(bytes, at)
  }
}

const [TRUE, FALSE, NULL] = ['true', 'false', 'null'].map((word) => Buffer.from(word)) as [
  Buffer,
  Buffer,
  Buffer,
]

function endOfWord(bytes: Uint8Array, start: number, word: Uint8Array): number {
  for (let i = 1; i < word.length; i++) if (bytes[start + i] !== word[i]) return NOT_PLAIN
  return start + word.length
}

/** @returns the index behind the quote that ends it */
function endOfString(bytes: Uint8Array, start: number, mayEscape: boolean): number {
  for (let at = start + 1; ; at++) {
    while (STOPS[bytes[at]!] === 0) at++
    if (bytes[at] === QUOTE) return at + 1
    if (bytes[at] !== BACKSLASH || !mayEscape) return NOT_PLAIN
    at++
    if (ESCAPES[bytes[at]!] !== 1) return NOT_PLAIN
  }
}

function endOfNumber(bytes: Uint8Array, start: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start
  let at = bytes[first] === ZERO ? first + 1 : endOfDigits(bytes, first)
  if (at === first) return NOT_PLAIN
  if (bytes[at] === POINT) {
    const fraction = at + 1
    at = endOfDigits(bytes, fraction)
    if (at === fraction) return NOT_PLAIN
  }
  return at - start > MAX_NUMBER_BYTES ? NOT_PLAIN : at
}

function endOfDigits(bytes: Uint8Array, start: number): number {
  let at = start
  while (bytes[at]! >= ZERO && bytes[at]! <= NINE) at++
  return at
}

/** @returns the index of what stands behind blanks. Not over the end of a line: a body is not read on where one of its lines is not closed */
export function skipBlanksOfLine(bytes: Uint8Array, start: number): number {
  let at = start
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === CARRIAGE_RETURN) at++
  return at
}

function byteSet(members: Iterable<number>): Uint8Array {
  const set = new Uint8Array(0x100)
  for (const one of members) set[one] = 1
  return set
}
