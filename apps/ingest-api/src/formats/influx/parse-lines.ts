import { AppError } from '@runnel/contracts'

/** What a field of a line holds. Integers keep all of their digits. */
export type FieldValue =
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'integer'; readonly digits: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'text'; readonly text: string }

export interface Line {
  readonly measurement: string
  readonly tags: readonly (readonly [name: string, value: string])[]
  readonly fields: readonly (readonly [name: string, value: FieldValue])[]
  /** As it was sent: a whole number in the unit of the request; undefined where the time is that of arrival. */
  readonly timestamp: string | undefined
}

export interface ParsedLine {
  /** From 0. */
  readonly number: number
  readonly line: Line | AppError
}

const NEWLINE = '\n'

/** Of one line: each field has all tags beside it. */
const MAX_TAGS = 256
const MAX_FIELDS = 4096
/** Of a name, the value of a tag or a number: as many as InfluxDB takes. */
const MAX_NAME_CHARS = 65_536
/** Blank characters and comments between two pauses. */
const BLANKS_AT_A_TIME = 10_000
/** An event that holds more would be refused. */
const MAX_TEXT_CHARS = 512 * 1024

/**
 * Lines of line protocol, one by one, without blank ones and comments. A text may hold line breaks; behind an error the next line
 * begins at the next line break. Undefined is a pause.
 */
export function* parseLines(text: string): Generator<ParsedLine | undefined> {
  const reader = new LineReader(text)
  for (;;) {
    const next = reader.skipToLine()
    if (next === 'end') return
    if (next === 'blank') {
      yield undefined
      continue
    }
    const { number } = reader
    let line: Line | AppError
    try {
      line = reader.readLine()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      reader.skipRest()
      line = error
    }
    yield { number, line }
  }
}

/** What ends a name, where no backslash stands before it. */
const ENDS = {
  measurement: /(?<!\\)[, \n]/,
  tagName: /(?<!\\)[=, \n]/,
  tagValue: /(?<!\\)[, \n=]/,
  fieldName: /(?<!\\)[=, \n]/,
} as const

const END_OF_PLAIN = /[, \n]/
const QUOTE_OR_ESCAPE = /["\\]/g

class LineReader {
  readonly #text: string
  #at = 0
  #counted = 0
  #number = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Line breaks before the line that {@link skipToLine} has found. */
  get number(): number {
    return this.#number
  }

  /** @returns `blank` where much was skipped, and more may follow */
  skipToLine(): 'line' | 'blank' | 'end' {
    for (let i = 0; i < BLANKS_AT_A_TIME; i++) {
      const next = this.#text[this.#at]
      if (next === undefined) return 'end'
      if (next === '#') this.skipRest()
      else if (' \t\r\n\0'.includes(next)) this.#at++
      else {
        this.#countLines()
        return 'line'
      }
    }
    this.#countLines()
    return 'blank'
  }

  #countLines(): void {
    for (; this.#counted < this.#at; this.#counted++)
      if (this.#text[this.#counted] === NEWLINE) this.#number++
  }

  skipRest(): void {
    const next = this.#text.indexOf(NEWLINE, this.#at)
    this.#at = next < 0 ? this.#text.length : next + 1
  }

  /** @throws AppError */
  readLine(): Line {
    const measurement = unescape(this.#readUntil(ENDS.measurement))
    if (measurement === '') throw wrong('The measurement is missing')
    const tags = this.#readTags()
    const fields = this.#readFields()
    return { measurement, tags, fields, timestamp: this.#readTimestamp() }
  }

  #readTags(): [string, string][] {
    const tags: [string, string][] = []
    while (this.#take(',')) {
      const name = unescape(this.#readUntil(ENDS.tagName))
      if (name === '') throw wrong('A tag has no name')
      if (!this.#take('=')) throw wrong(`The tag ${shown(name)} has no value`)
      const value = unescape(this.#readUntil(ENDS.tagValue))
      if (value === '') throw wrong(`The tag ${shown(name)} has no value`)
      if (tags.length === MAX_TAGS) throw wrong(`A line has more than ${MAX_TAGS} tags`)
      if (tags.some(([known]) => known === name)) throw wrong(`The tag ${shown(name)} is there twice`)
      tags.push([name, value])
    }
    return tags
  }

  #readFields(): [string, FieldValue][] {
    if (!this.#skipBlanks()) throw wrong('The fields are missing')
    const fields: [string, FieldValue][] = []
    do {
      const name = unescape(this.#readUntil(ENDS.fieldName))
      if (name === '' || !this.#take('=')) throw wrong('A field has no name or no value')
      if (fields.length === MAX_FIELDS) throw wrong(`A line has more than ${MAX_FIELDS} fields`)
      fields.push([name, this.#readValue(name)])
    } while (this.#take(','))
    return fields
  }

  #readValue(name: string): FieldValue {
    if (this.#take('"')) return { type: 'text', text: this.#readText(name) }
    const value = toValue(this.#readUntil(END_OF_PLAIN).replace(/\r$/, ''))
    if (value === undefined) throw wrong(`The value of the field ${shown(name)} is not valid`)
    return value
  }

  #readText(name: string): string {
    let text = ''
    for (let from = this.#at; ;) {
      QUOTE_OR_ESCAPE.lastIndex = from
      const found = QUOTE_OR_ESCAPE.exec(this.#text)
      if (!found || found.index - this.#at > MAX_TEXT_CHARS)
        throw wrong(`The text of the field ${shown(name)} has no end, or is too long`)
      text += this.#text.slice(from, found.index)
      if (found[0] === '"') {
        this.#at = found.index + 1
        return text
      }
      const escaped = this.#text[found.index + 1]
      text += escaped === '"' || escaped === '\\' ? escaped : `\\${escaped ?? ''}`
      from = found.index + 2
    }
  }

  #readTimestamp(): string | undefined {
    if (this.#isAtEnd()) return this.#endLine()
    if (!this.#skipBlanks()) throw wrong('Something stands behind the fields')
    if (this.#isAtEnd()) return this.#endLine()
    const timestamp = this.#readUntil(END_OF_PLAIN).replace(/\r$/, '')
    if (!/^-?\d{1,19}$/.test(timestamp)) throw wrong('The time is no whole number')
    this.#skipBlanks()
    if (!this.#isAtEnd()) throw wrong('Something stands behind the time')
    this.#endLine()
    return timestamp
  }

  #isAtEnd(): boolean {
    const next = this.#text[this.#at]
    return (
      next === undefined ||
      next === NEWLINE ||
      (next === '\r' && '\n'.includes(this.#text[this.#at + 1] ?? ''))
    )
  }

  #endLine(): undefined {
    this.skipRest()
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #skipBlanks(): boolean {
    const from = this.#at
    while (this.#text[this.#at] === ' ') this.#at++
    if (this.#at - from > MAX_NAME_CHARS) throw wrong('A line has too many blanks')
    return this.#at > from
  }

  #readUntil(end: RegExp): string {
    const rest = this.#text.slice(this.#at, this.#at + MAX_NAME_CHARS + 1)
    const found = rest.search(end)
    if (found < 0 && rest.length > MAX_NAME_CHARS) throw wrong('A name or a value is too long')
    const read = found < 0 ? rest : rest.slice(0, found)
    this.#at += read.length
    return read
  }
}

/** A backslash before anything else is a backslash. */
function unescape(name: string): string {
  return name.includes('\\') ? name.replace(/\\([,= ])/g, '$1') : name
}

const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const INTEGER = /^([+-]?\d{1,20})([iu])$/
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'T', 'true', 'True', 'TRUE'].map((text) => [text, true] as const),
  ...['f', 'F', 'false', 'False', 'FALSE'].map((text) => [text, false] as const),
])

/** @returns undefined for what is no value */
function toValue(text: string): FieldValue | undefined {
  const boolean = BOOLEANS.get(text)
  if (boolean !== undefined) return { type: 'boolean', value: boolean }
  const integer = INTEGER.exec(text)
  if (integer) return toInteger(integer[1]!, integer[2] === 'u')
  const value = FLOAT.test(text) ? Number(text) : NaN
  return Number.isFinite(value) ? { type: 'float', value } : undefined
}

function toInteger(text: string, isUnsigned: boolean): FieldValue | undefined {
  const value = BigInt(text.replace(/^\+/, ''))
  const fits = isUnsigned
    ? value >= 0n && BigInt.asUintN(64, value) === value
    : BigInt.asIntN(64, value) === value
  return fits ? { type: 'integer', digits: String(value) } : undefined
}

function wrong(message: string): AppError {
  return new AppError('invalid_field', message, { expected: 'line protocol of InfluxDB' })
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 100))
}
