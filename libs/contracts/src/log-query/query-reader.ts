import { LogQueryError, type LogQueryReason } from './log-query-error.ts'

/** What ends a word. */
const WORD_END = /[\s"()]/
/** A backslash before one of these makes it stand for itself; before others it is a backslash. */
const ESCAPABLE = /[^\p{L}\p{N}]/u

/** A word as it was written, with what a `*` divides it into. */
export interface Word {
  /** Without backslashes that only escape. */
  readonly text: string
  /** One part: there is no `*`. */
  readonly parts: readonly string[]
}

/** A place in a query that moves on. */
export class QueryReader {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  get atEnd(): boolean {
    return this.at >= this.text.length
  }

  skipBlanks(): void {
    this.match(/\s*/y)
  }

  sees(text: string): boolean {
    return this.text.startsWith(text, this.at)
  }

  /** @returns whether the text was there, and is passed now */
  take(text: string): boolean {
    const found = this.sees(text)
    if (found) this.at += text.length
    return found
  }

  /** @param pattern with the flag y */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (found) this.at = pattern.lastIndex
    return found ?? undefined
  }

  /** `AND`, `OR` or `NOT`, where it stands for itself. @returns whether it was there, and is passed now */
  takeKeyword(keyword: string): boolean {
    const end = this.at + keyword.length
    const found = this.sees(keyword) && (end === this.text.length || WORD_END.test(this.text[end]!))
    if (found) this.at = end
    return found
  }

  /** A text in quotes; `\"` and `\\` stand for a quote and a backslash. @throws LogQueryError */
  phrase(): string {
    const from = this.at++
    let text = ''
    for (; !this.atEnd; this.at++) {
      if (this.take('"')) return text
      if (this.sees('\\"') || this.sees('\\\\')) this.at++
      text += this.text[this.at]
    }
    throw this.error('unclosed_quote', 'A quote is not closed', 'a closing "', from)
  }

  /** What stands up to the next blank, quote or parenthesis; it may be empty. */
  word(): Word {
    const parts = ['']
    let text = ''
    while (!this.atEnd && !WORD_END.test(this.text[this.at]!)) {
      if (this.take('*')) {
        parts.push('')
        text += '*'
        continue
      }
      // Also a blank, a quote or a parenthesis behind a backslash.
      if (this.sees('\\') && ESCAPABLE.test(this.text[this.at + 1] ?? 'a')) this.at++
      const character = this.text[this.at++]!
      text += character
      parts[parts.length - 1] += character
    }
    return { text, parts }
  }

  error(reason: LogQueryReason, message: string, expected: string, at = this.at): LogQueryError {
    return new LogQueryError(reason, message, at, expected)
  }
}
