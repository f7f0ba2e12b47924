import { isUtf8 } from 'node:buffer'
import { AppError } from './app-error.ts'
import { checkJson } from './check-json.ts'
import type { JsonValue } from './json-value.ts'

/** Only a text with a run of 16 digits can hold an integer beyond 2^53; everything else skips the slow check. */
const LONG_NUMBER = /\d{16}/

/**
 * Bytes as text, never altered: a decoder that replaced what it cannot read would store something else than what
 * was sent.
 *
 * @throws AppError bad_encoding
 */
export function decodeUtf8(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) {
    throw new AppError('bad_encoding', 'The body is not valid UTF-8', { expected: 'UTF-8' })
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/**
 * JSON text as a value that can be stored and read back as an equal one.
 *
 * @param text without a byte order mark
 * @throws AppError bad_json, or what {@link checkJson} throws, or number_out_of_range for an integer that a double
 * cannot hold
 */
export function parseJson(text: string): JsonValue {
  const value = parse(text)
  checkJson(value)
  if (LONG_NUMBER.test(text)) checkIntegers(text)
  return value
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch (error) {
    throw new AppError('bad_json', 'The body is not valid JSON', { expected: 'JSON' }, error)
  }
}

/** 2^53 + 1 arrives as 2^53: the digits are only in the source text, which a reviver is given (ES2026). */
function checkIntegers(text: string): void {
  const reviver = function (name: string, value: JsonValue, context?: { source?: string }): JsonValue {
    if (typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')) {
      throw new AppError('number_out_of_range', 'The integer is beyond 2^53 and would be changed', {
        field: name,
        expected: `an integer from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}, or a string`,
      })
    }
    return value
  }
  JSON.parse(text, reviver)
}
