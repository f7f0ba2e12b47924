import { isUtf8 } from 'node:buffer'
import { decodeUtf8 } from '@runnel/json'
import { skipBlanks } from '../split-array.ts'
import { BYTE_ORDER_MARK } from '../split-damaged.ts'

/** A line whose bytes are no UTF-8. */
export const UNREADABLE = Symbol('a line that is not UTF-8')

export type BulkLine = string | typeof UNREADABLE

const CARRIAGE_RETURN = 0x0d

/**
 * The lines of a bulk body, one after the other. Blank ones say nothing, and are left out. Where the body is not UTF-8 as a
 * whole, each line is judged by itself: a newline is a byte of its own in UTF-8.
 */
export class BulkLines {
  readonly #text: string
  readonly #isDamaged: boolean
  #at = 0

  constructor(bytes: Buffer) {
    this.#isDamaged = !isUtf8(bytes)
    this.#text = this.#isDamaged ? bytes.toString('latin1') : decodeUtf8(bytes)
    if (this.#isDamaged && this.#text.startsWith(BYTE_ORDER_MARK)) this.#at = BYTE_ORDER_MARK.length
  }

  /** @returns undefined at the end */
  next(): BulkLine | undefined {
    const text = this.#text
    const from = skipBlanks(text, this.#at)
    if (from >= text.length) return undefined
    const newline = text.indexOf('\n', from)
    const end = newline < 0 ? text.length : newline
    this.#at = end + 1
    const line = text.slice(from, text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end)
    return this.#isDamaged ? readBytes(line) : line
  }
}

/** @param line a character for each byte */
function readBytes(line: string): BulkLine {
  const bytes = Buffer.from(line, 'latin1')
  return isUtf8(bytes) ? bytes.toString() : UNREADABLE
}
