import type { AppError } from '@runnel/contracts'
import { isUtf8 } from 'node:buffer'
import type { DecodeLimits } from '../../wire-format.ts'
import { decodePiece } from '../shared/body-text.ts'
import { behindMark } from '../shared/byte-order-mark.ts'
import { isPlainEvent } from '../shared/plain/is-plain-event.ts'

/** An error stands for a line whose bytes are no UTF-8. */
export type BulkLine = string | AppError

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d

/** The lines of a bulk body, one after the other. Blank ones say nothing, and are left out. */
export class BulkLines {
  readonly #bytes: Buffer
  readonly #isUtf8: boolean
  #at: number
  /** Where the line stands that {@link next} has returned. */
  #from = 0
  #to = 0
  #isBehindBlank = false

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#isUtf8 = isUtf8(bytes)
    this.#at = behindMark(bytes)
  }

  /** A blank line stands before the line that {@link next} has returned. */
  get isBehindBlank(): boolean {
    return this.#isBehindBlank
  }

  /** @returns undefined at the end */
  next(): BulkLine | undefined {
    const bytes = this.#bytes
    this.#skipBlanks()
    if (this.#at >= bytes.length) return undefined
    const newline = bytes.indexOf(NEWLINE, this.#at)
    const end = newline < 0 ? bytes.length : newline
    this.#from = this.#at
    this.#to = bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end
    this.#at = end + 1
    if (this.#isUtf8) return bytes.toString('utf8', this.#from, this.#to)
    return decodePiece(bytes.subarray(this.#from, this.#to))
  }

  /**
   * Whether the line that {@link next} has returned is a log which admission need not read.
   *
   * @param addedChars that it gets besides
   */
  isPlainLog(limits: Pick<DecodeLimits, 'eventLimitBytes'>, addedChars: number): boolean {
    return this.#isUtf8 && isPlainEvent('logs', this.#bytes, this.#from, this.#to, limits, addedChars)
  }

  #skipBlanks(): void {
    this.#isBehindBlank = false
    for (; ; this.#at++) {
      const byte = this.#bytes[this.#at]
      if (byte === NEWLINE) this.#isBehindBlank = true
      else if (byte !== 0x20 && byte !== CARRIAGE_RETURN && byte !== 0x09) return
    }
  }
}
