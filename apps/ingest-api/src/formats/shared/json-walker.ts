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

/** A part of the text, from `start` to before `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Walks over a JSON text without reading its values. Only what stands between them is checked: values and names that it hands out may be
 * malformed, which their reader finds. Methods that move throw AppError bad_json where the text cannot go on so.
 */
export class JsonWalker {
  readonly #text: string
  #at: number
  /** No member or item of the innermost object or array has been walked over yet. */
  #isFirst = true
  #memberStart = 0
  #name = ''

  constructor(text: string) {
    this.#text = text
    this.#at = skipBlanks(text, 0)
  }

  /** Characters that it has walked over. */
  get at(): number {
    return this.#at
  }

  /** Of the member that {@link nextMember} came to. */
  get name(): string {
    return this.#name
  }

  /**
   * @returns false of null, which stands for an object without members and has been walked over: as in the JSON of Protocol Buffers it is
   * what is not there
   */
  enterObject(): boolean {
    if (this.#text.startsWith('null', this.#at) && this.value() === 'null') return false
    this.#expect(OBJECT_START)
    this.#isFirst = true
    return true
  }

  /** @returns whether there is another member, whose value is next; where not, the object has been left */
  nextMember(): boolean {
    if (this.#leaves(OBJECT_END)) return false
    if (this.#text.charCodeAt(this.#at) !== QUOTE) throw malformed()
    this.#memberStart = this.#at
    const end = endOfString(this.#text, this.#at)
    this.#name = readName(this.#text.slice(this.#at, end))
    this.#moveTo(end)
    this.#expect(COLON)
    return true
  }

  /**
   * @returns false of null, which stands for an empty array and has been walked over
   * @throws AppError invalid_field of another value
   */
  enterArray(): boolean {
    if (this.#text.charCodeAt(this.#at) === ARRAY_START) {
      this.#expect(ARRAY_START)
      this.#isFirst = true
      return true
    }
    if (this.value() === 'null') return false
    throw new AppError('invalid_field', `${this.#name} is not a list`, {
      field: this.#name,
      expected: 'an array',
    })
  }

  /** @returns whether there is another item, which is next; where not, the array has been left */
  nextItem(): boolean {
    return !this.#leaves(ARRAY_END)
  }

  /** Walks over a value. @returns its text */
  value(): string {
    const start = this.#at
    const end = endOfValue(this.#text, start)
    this.#moveTo(end)
    this.#isFirst = false
    return this.#text.slice(start, end)
  }

  /** Walks over the value of a member. @returns where both stand */
  member(): Span {
    const end = endOfValue(this.#text, this.#at)
    this.#moveTo(end)
    this.#isFirst = false
    return { start: this.#memberStart, end }
  }

  slice({ start, end }: Span): string {
    return this.#text.slice(start, end)
  }

  /** @throws AppError bad_json where something stands behind the value */
  requireEnd(): void {
    if (this.#at < this.#text.length) throw malformed()
  }

  /** Behind a value: its end, or the comma before the next one. */
  #leaves(end: number): boolean {
    if (this.#text.charCodeAt(this.#at) === end) {
      this.#expect(end)
      this.#isFirst = false
      return true
    }
    if (!this.#isFirst) this.#expect(COMMA)
    return false
  }

  #expect(unit: number): void {
    if (this.#text.charCodeAt(this.#at) !== unit) throw malformed()
    this.#moveTo(this.#at + 1)
  }

  #moveTo(at: number): void {
    this.#at = skipBlanks(this.#text, at)
  }
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
