export const QUOTE = 0x22
const BACKSLASH = 0x5c
export const OBJECT_START = 0x7b
export const OBJECT_END = 0x7d
export const ARRAY_START = 0x5b
export const ARRAY_END = 0x5d
export const COMMA = 0x2c
export const COLON = 0x3a
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39

/** Where a text ends, or is more than what it says: a quote, a backslash, a control character. */
export const TEXT_STOPS = byteSet([QUOTE, BACKSLASH, ...Array(0x20).keys()])

/** What may stand behind a backslash and says one character. `\u` may say half of one, or NUL. */
export const PLAIN_ESCAPES = byteSet([...'"\\/bfnrt'].map((one) => one.charCodeAt(0)))

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

const [TRUE, FALSE, NULL] = ['true', 'false', 'null'].map((word) => Buffer.from(word)) as [
  Buffer,
  Buffer,
  Buffer,
]

/** @returns the index behind `true`, `false` or `null` */
export function endOfWord(bytes: Uint8Array, start: number): number {
  const word = bytes[start] === 0x74 ? TRUE : bytes[start] === 0x66 ? FALSE : NULL
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word[i]) return NOT_PLAIN
  return start + word.length
}

/**
 * @param escapes what may stand behind a backslash; undefined where none may be there
 * @returns the index behind the quote that ends it
 */
export function endOfString(bytes: Uint8Array, start: number, escapes: Uint8Array | undefined): number {
  for (let at = start + 1; ; at++) {
    while (TEXT_STOPS[bytes[at]!] === 0) at++
    if (bytes[at] === QUOTE) return at + 1
    if (bytes[at] !== BACKSLASH || escapes === undefined) return NOT_PLAIN
    at++
    if (escapes[bytes[at]!] !== 1) return NOT_PLAIN
  }
}

/** @returns the index behind a number without an exponent */
export function endOfNumber(bytes: Uint8Array, start: number): number {
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

function byteSet(members: Iterable<number>): Uint8Array {
  const set = new Uint8Array(0x100)
  for (const one of members) set[one] = 1
  return set
}
