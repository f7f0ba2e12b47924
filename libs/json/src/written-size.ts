import { AppError, isExactNumber, numericLength, type JsonValue } from '@runnel/contracts'

/**
 * How many bytes PostgreSQL writes at most for a character that it read, numbers with an exponent aside: three of UTF-8, and
 * half as many blanks as `[1,1]` has characters.
 */
export const MAX_TEXT_GROWTH = 4.5

/**
 * Refuses a value that PostgreSQL would write out in more bytes than it may have: 600 KB of `1e400` are 40 MB in every
 * answer, page and export.
 *
 * @throws AppError body_too_large
 */
export function requireWrittenSize(value: JsonValue, limitBytes: number): void {
  if (writtenBytes(value, limitBytes) <= limitBytes) return
  throw new AppError(
    'body_too_large',
    `The event is larger than ${limitBytes} bytes once it is written out`,
    {
      expected: `at most ${limitBytes} bytes as PostgreSQL writes it: 1e3 as 1000, blanks behind commas and colons`,
    },
  )
}

/** Bytes of a value as PostgreSQL writes it out of jsonb. Beyond the limit it is not counted to the end. */
function writtenBytes(value: JsonValue, limitBytes: number): number {
  if (typeof value === 'string') return textBytes(value)
  if (typeof value === 'number' || isExactNumber(value)) return numericLength(value)
  if (value === null) return 4
  if (typeof value === 'boolean') return value ? 4 : 5
  let bytes = 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) {
      bytes += writtenBytes(item, limitBytes)
      if (bytes > limitBytes) return bytes
    }
    count = value.length
  } else {
    for (const name in value) {
      bytes += textBytes(name) + 2 + writtenBytes(value[name]!, limitBytes)
      if (bytes > limitBytes) return bytes
      count++
    }
  }
  return bytes + 2 + 2 * Math.max(0, count - 1)
}

/** With quotes and escapes. */
function textBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text))
}
