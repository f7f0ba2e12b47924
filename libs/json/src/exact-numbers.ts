import type { ExactNumber, JsonValue } from '@runnel/contracts'
import { setMember } from './json-object.ts'

/**
 * Numbers that JSON.stringify might not write again as they were: 16 characters or more, a zero behind the point at the end, an
 * exponent. Tried where a value begins, so that a text is read once. Texts may look like it: that only costs time.
 */
const MAY_CHANGE = /[[,:][ \t\n\r]*-?\d(?:[\d.]{15}|\d*\.\d*0(?!\d)|[\d.]*[eE])/

/** The same where a whole text is one number. */
const LONE_NUMBER = /^[ \t\n\r]*-?\d[\d.eE+-]*[ \t\n\r]*$/

/** Where the next number of that sort may stand: behind the first group. */
const CANDIDATE = /([[,:][ \t\n\r]*|^[ \t\n\r]*)-?\d(?:[\d.]{15}|\d*\.\d*0(?!\d)|[\d.]*[eE])/g

/** A number that ends where a value may end: what is malformed is left to JSON.parse. */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[ \t\n\r]*(?:[,\]}]|$))/y

/** Stands before the text of a number; random, so that no text can begin with it on purpose. Letters alone: it needs no escape. */
const MARK = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
  String.fromCharCode(0x61 + (byte % 26)),
).join('')

const QUOTED_MARK = `"${MARK}`

/**
 * JSON.parse, but for numbers that a double would change: they keep their text ({@link ExactNumber}). Of members with the
 * same name the last one counts.
 *
 * Numbers are put in quotes behind a mark before they are parsed, and taken out again. A reviver, which sees the text of
 * each number, takes five times as long as parsing, and four tenths of a second for a hostile megabyte; this costs nothing
 * where a text holds no such number, and as much as parsing where it does.
 *
 * @param create makes the number of its text
 * @throws SyntaxError
 * @throws RangeError where nesting exhausts the stack
 */
export function parseExact(
  text: string,
  create: (text: string) => JsonValue | ExactNumber = JSON.rawJSON,
): JsonValue {
  const marked = MAY_CHANGE.test(text) || LONE_NUMBER.test(text) ? markNumbers(text) : text
  const value = JSON.parse(marked) as JsonValue
  return marked === text ? value : takeOutNumbers(value, create)
}

/** @returns the same text where a double keeps all its numbers */
function markNumbers(text: string): string {
  const strings = new StringSkipper(text)
  const pieces: string[] = []
  let at = 0
  CANDIDATE.lastIndex = 0
  for (let found = CANDIDATE.exec(text); found !== null; found = CANDIDATE.exec(text)) {
    const from = found.index + found[1]!.length
    const outside = strings.skipTo(from)
    if (outside !== from) {
      // It stands in a text, whose end is next.
      CANDIDATE.lastIndex = outside
      continue
    }
    NUMBER.lastIndex = from
    const number = NUMBER.exec(text)?.[0]
    if (number === undefined) continue
    // The separator behind it may begin the next one.
    CANDIDATE.lastIndex = from + number.length
    if (String(Number(number)) === number) continue
    pieces.push(text.slice(at, from), QUOTED_MARK, number, '"')
    at = from + number.length
  }
  if (at === 0) return text
  pieces.push(text.slice(at))
  return pieces.join('')
}

/** Knows for rising places of a JSON text whether they lie in a string. */
class StringSkipper {
  readonly #text: string
  /** Outside of all strings. */
  #at = 0
  /** Of the next string, from `#at` on. */
  #quote: number

  constructor(text: string) {
    this.#text = text
    this.#quote = text.indexOf('"')
  }

  /** @returns `place`, or the end of the string that it lies in */
  skipTo(place: number): number {
    while (this.#quote >= 0 && this.#quote < place) {
      this.#at = this.#endOfString(this.#quote + 1)
      this.#quote = this.#text.indexOf('"', this.#at)
    }
    return Math.max(place, this.#at)
  }

  #endOfString(from: number): number {
    for (let end = this.#text.indexOf('"', from); end >= 0; end = this.#text.indexOf('"', end + 1)) {
      let backslashes = 0
      while (this.#text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++
      if (backslashes % 2 === 0) return end + 1
    }
    return this.#text.length
  }
}

/** In place. */
function takeOutNumbers(value: JsonValue, create: (text: string) => JsonValue): JsonValue {
  if (typeof value === 'string') return value.startsWith(MARK) ? create(value.slice(MARK.length)) : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const item = value[i]!
      if (typeof item === 'string' || typeof item === 'object') value[i] = takeOutNumbers(item, create)
    }
    return value
  }
  const object = value as Record<string, JsonValue>
  for (const name in object) {
    const member = object[name]!
    if (typeof member !== 'string' && typeof member !== 'object') continue
    const taken = takeOutNumbers(member, create)
    if (taken !== member) setMember(object, name, taken)
  }
  return value
}
