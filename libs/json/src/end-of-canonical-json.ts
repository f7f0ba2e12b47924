import {
  COMMA,
  COLON,
  ARRAY_END,
  ARRAY_START,
  endOfNumber,
  endOfString,
  endOfWord,
  NOT_PLAIN,
  OBJECT_END,
  OBJECT_START,
  PLAIN_ESCAPES,
  QUOTE,
  type MemberJudge,
} from './json-tokens.ts'

/** What JSON.stringify writes behind a backslash and says one character: it leaves a slash as it is. */
const CANONICAL_ESCAPES = PLAIN_ESCAPES.map((is, byte) => (byte === 0x2f ? 0 : is))

const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39

/** Zeros behind the point from which on a number is written with an exponent. */
const MAX_LEADING_ZEROS = 6

/** More names would have to be compared in another way. */
const MAX_MEMBERS = 64

/**
 * Reads over an object in JSON that is plain (see endOfPlainJson), and that JSON.stringify would write as it stands once readJson has read
 * it: without blanks between, no name twice, none that an object would put in another order, and numbers as they are written here.
 *
 * @param bytes UTF-8, with a control character somewhere behind the object: there it ends at the latest
 * @param levels that it may be deep
 * @param judge of each member of the outermost object, which is not plain where one of them is refused; that none is there twice is left to it
 * @returns the index behind it; NOT_PLAIN says nothing of the text: it has to be read
 */
export function endOfCanonicalJson(
  bytes: Uint8Array,
  from: number,
  levels: number,
  judge: MemberJudge,
): number {
  return bytes[from] === OBJECT_START && levels > 0 ? endOfObject(bytes, from, levels, judge) : NOT_PLAIN
}

function endOfObject(bytes: Uint8Array, start: number, levels: number, judge: MemberJudge): number {
  let at = start + 1
  if (bytes[at] === OBJECT_END) return at + 1
  for (;;) {
    const from = at
    const value = endOfName(bytes, at)
    if (value === NOT_PLAIN) return NOT_PLAIN
    at = endOfValue(bytes, value, levels - 1)
    if (at === NOT_PLAIN || !judge(bytes, from + 1, value - 2, value, at)) return NOT_PLAIN
    if (bytes[at] === OBJECT_END) return at + 1
    if (bytes[at++] !== COMMA) return NOT_PLAIN
  }
}

/** @returns the index of the value: behind a name and its colon */
function endOfName(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== QUOTE) return NOT_PLAIN
  const first = bytes[start + 1]!
  // Integers go before all other names, and `__proto__` is no ordinary one.
  if ((first >= ZERO && first <= NINE) || (first === 0x5f && bytes[start + 2] === 0x5f)) return NOT_PLAIN
  const to = endOfString(bytes, start, undefined)
  return to !== NOT_PLAIN && bytes[to] === COLON ? to + 1 : NOT_PLAIN
}

function endOfNested(bytes: Uint8Array, start: number, levels: number): number {
  if (levels === 0) return NOT_PLAIN
  let at = start + 1
  if (bytes[at] === OBJECT_END) return at + 1
  const names: number[] = []
  for (;;) {
    const from = at
    const value = endOfName(bytes, at)
    if (value === NOT_PLAIN || isKnown(bytes, names, from, value)) return NOT_PLAIN
    names.push(from, value)
    at = endOfValue(bytes, value, levels - 1)
    if (at === NOT_PLAIN) return NOT_PLAIN
    if (bytes[at] === OBJECT_END) return at + 1
    if (bytes[at++] !== COMMA || names.length > 2 * MAX_MEMBERS) return NOT_PLAIN
  }
}

/** @param names where each of them begins and ends */
function isKnown(bytes: Uint8Array, names: readonly number[], from: number, to: number): boolean {
  for (let i = 0; i < names.length; i += 2) {
    const start = names[i]!
    if (names[i + 1]! - start !== to - from) continue
    let same = 0
    while (same < to - from && bytes[start + same] === bytes[from + same]) same++
    if (same === to - from) return true
  }
  return false
}

function endOfArray(bytes: Uint8Array, start: number, levels: number): number {
  if (levels === 0) return NOT_PLAIN
  let at = start + 1
  if (bytes[at] === ARRAY_END) return at + 1
  for (;;) {
    at = endOfValue(bytes, at, levels - 1)
    if (at === NOT_PLAIN) return NOT_PLAIN
    if (bytes[at] === ARRAY_END) return at + 1
    if (bytes[at++] !== COMMA) return NOT_PLAIN
  }
}

function endOfValue(bytes: Uint8Array, at: number, levels: number): number {
  switch (bytes[at]) {
    case QUOTE:
      return endOfString(bytes, at, CANONICAL_ESCAPES)
    case OBJECT_START:
      return endOfNested(bytes, at, levels)
    case ARRAY_START:
      return endOfArray(bytes, at, levels)
    case 0x74:
    case 0x66:
    case 0x6e:
      return endOfWord(bytes, at)
    default:
      return endOfCanonicalNumber(bytes, at)
  }
}

/** A double writes -0 without its sign, and what is small with an exponent. */
function endOfCanonicalNumber(bytes: Uint8Array, start: number): number {
  const end = endOfNumber(bytes, start)
  const first = bytes[start] === MINUS ? start + 1 : start
  if (end === NOT_PLAIN || bytes[first] !== ZERO) return end
  if (first + 1 === end) return first === start ? end : NOT_PLAIN
  let zeros = first + 1
  if (bytes[zeros] === POINT) zeros++
  while (bytes[zeros] === ZERO) zeros++
  return zeros - first - 2 >= MAX_LEADING_ZEROS || zeros === end ? NOT_PLAIN : end
}
