import type { AppError } from '@runnel/contracts'
import { BodyText } from '../shared/body-text.ts'
import { skipBlanks } from '../split-array.ts'

/** An error stands for a line whose bytes are no UTF-8. */
export type BulkLine = string | AppError

const CARRIAGE_RETURN = 0x0d

/** The lines of a bulk body, one after the other. Blank ones say nothing, and are left out. */
export class BulkLines {
  readonly #body: BodyText
  #at = 0
  #isBehindBlank = false

  constructor(bytes: Buffer) {
    this.#body = new BodyText(bytes)
  }

  /** A blank line stands before the line that {@link next} has returned. */
  get isBehindBlank(): boolean {
    return this.#isBehindBlank
  }

  /** @returns undefined at the end */
  next(): BulkLine | undefined {
    const { text } = this.#body
    const from = skipBlanks(text, this.#at)
    if (from >= text.length) return undefined
    const before = text.indexOf('\n', this.#at)
    this.#isBehindBlank = before >= 0 && before < from
    const newline = this.#isBehindBlank ? text.indexOf('\n', from) : before
    const end = newline < 0 ? text.length : newline
    this.#at = end + 1
    return this.#body.tryRead(text.slice(from, text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end))
  }
}
