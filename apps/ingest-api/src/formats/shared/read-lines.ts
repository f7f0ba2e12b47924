import { AppError } from '@runnel/contracts'
import { isUtf8 } from 'node:buffer'
import { withoutMark } from './byte-order-mark.ts'

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d

/** Blank lines after which a reader may pause. */
const BLANKS = 1024

interface NumberedLine {
  /** From 0, blank lines included. */
  readonly number: number
  readonly line: string | AppError
}

/** The lines of {@link numberLines} without their numbers. */
export function* readLines(bytes: Buffer): Generator<string | AppError | undefined> {
  for (const one of numberLines(bytes)) yield one?.line
}

/**
 * The lines of a body that say something, one by one: a line that is no UTF-8 costs itself alone. Undefined stands for a pause: a body
 * may be blank lines alone.
 */
export function* numberLines(bytes: Buffer): Generator<NumberedLine | undefined> {
  let blanks = 0
  for (let start = 0, number = 0; start < bytes.length; number++) {
    const newline = bytes.indexOf(NEWLINE, start)
    const next = newline < 0 ? bytes.length : newline + 1
    const line = bytes.subarray(start, endOfLine(bytes, start, newline < 0 ? bytes.length : newline))
    if (!isUtf8(line)) yield { number, line: notUtf8() }
    else {
      const text = withoutMark(line.toString('utf8'), true)
      if (text.trim() !== '') yield { number, line: text }
      else if (++blanks % BLANKS === 0) yield undefined
    }
    start = next
  }
}

function notUtf8(): AppError {
  return new AppError('bad_encoding', 'The line is not valid UTF-8', { expected: 'UTF-8' })
}

function endOfLine(bytes: Buffer, start: number, end: number): number {
  return end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end
}
