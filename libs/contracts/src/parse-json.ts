import { isUtf8 } from 'node:buffer'
import { AppError } from './app-error.ts'
import { checkJson } from './check-json.ts'
import type { JsonValue } from './json-value.ts'
import { parseText } from './parse-text.ts'

/** Only a text with a run of 16 digits can hold an integer beyond 2^53; everything else skips the slow way. */
const LONG_NUMBER = /\d{16}/

const INTEGER = /^-?\d+$/

/**
 * Bytes as text, never altered: a decoder that replaced what it cannot read would store something else than what was
 * sent. A byte order mark is not content.
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
 * JSON text as a value that {@link checkJson} has to see yet. An integer that a double cannot hold becomes NaN, so that
 * the check finds it where it stands: 2^53 + 1 would otherwise arrive as 2^53.
 *
 * @throws AppError bad_json | too_deep
 */
export function readJson(text: string): JsonValue {
  try {
    return parseText(text, LONG_NUMBER.test(text) ? markUnsafeIntegers : undefined)
  } catch (error) {
    // Reading deep nesting back through a reviver exhausts the stack long after every limit.
    if (error instanceof RangeError) throw new AppError('too_deep', 'The JSON is nested too deeply')
    throw new AppError('bad_json', 'This is not valid JSON', { expected: 'JSON' }, error)
  }
}

/** The digits are only in the source text, which a reviver is given (ES2026). `1e300` is no integer here. */
function markUnsafeIntegers(_name: string, value: JsonValue, context?: { source?: string }): JsonValue {
  const unsafe = typeof value === 'number' && !Number.isSafeInteger(value)
  return unsafe && INTEGER.test(context?.source ?? '') ? NaN : value
}

/**
 * JSON text as a value that can be stored and read back as an equal one.
 *
 * @throws AppError what {@link readJson} and {@link checkJson} throw
 */
export function parseJson(text: string): JsonValue {
  const value = readJson(text)
  checkJson(value)
  return value
}
