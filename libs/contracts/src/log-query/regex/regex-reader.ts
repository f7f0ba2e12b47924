import { LogQueryError, type LogQueryReason } from '../log-query-error.ts'

/** A place in the source of a regular expression that moves on. */
export class RegexReader {
  readonly #source: string
  readonly #start: number
  at = 0

  /** @param start place of the source in the query */
  constructor(source: string, start: number) {
    this.#source = source
    this.#start = start
  }

  get atEnd(): boolean {
    return this.at >= this.#source.length
  }

  sees(character: string): boolean {
    return this.#source[this.at] === character
  }

  /** @returns whether the character was there, and is passed now */
  take(character: string): boolean {
    const found = this.sees(character)
    if (found) this.at++
    return found
  }

  /** @param pattern with the flag y */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.#source)
    if (found) this.at = pattern.lastIndex
    return found ?? undefined
  }

  /** The next code point; not at the end. */
  next(): number {
    const point = this.#source.codePointAt(this.at)!
    this.at += point > 0xffff ? 2 : 1
    return point
  }

  error(reason: LogQueryReason, message: string, expected: string, at = this.at): LogQueryError {
    const text = `The regular expression is not valid: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
    return new LogQueryError(reason, text, this.#start + at, expected)
  }
}
