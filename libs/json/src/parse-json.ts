import { isUtf8 } from 'node:buffer'
import { AppError } from '@runnel/contracts'
import { checkJson } from './check-json.ts'
import type { JsonValue } from '@runnel/contracts'
import { parseText } from './parse-text.ts'

/** An integer of 16 digits or more where a value begins: without one, no integer can lie beyond 2^53. */
const LONG_INTEGER = /(?:^|[[,:])\s*-?\d{16,}(?![\d.eE])/

/**
 * Texts, which may hold anything, and long integers beside them. A text that is never closed goes to the end: tried anew at
 * each of its quotes, it would cost the square of its length.
 */
const TEXT_OR_LONG_INTEGER = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/gs

/** Reads as Infinity, which checkJson refuses. */
const NO_DOUBLE = '1e999'

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
 * JSON text as a value that {@link checkJson} has to see yet. An integer that a double cannot hold becomes Infinity, so
 * that the check finds it where it stands: 2^53 + 1 would otherwise arrive as 2^53. A reviver could find it as well, at ten
 * times the cost: a hostile body would block the process for a second.
 *
 * @throws AppError bad_json | too_deep | too_many_items
 */
export function readJson(text: string): JsonValue {
  try {
    return parseText(LONG_INTEGER.test(text) ? text.replace(TEXT_OR_LONG_INTEGER, markUnsafe) : text)
  } catch (error) {
    if (error instanceof AppError) throw error
    // Names are put back into nested objects one by one, which exhausts the stack long after every limit.
    if (error instanceof RangeError) throw new AppError('too_deep', 'The JSON is nested too deeply')
    throw new AppError('bad_json', 'This is not valid JSON', { expected: 'JSON' }, error)
  }
}

/** `1e300` and `1.0` are no integers here. */
function markUnsafe(token: string): string {
  return token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : NO_DOUBLE
}

/**
 * JSON text as a value that can be stored and read back as an equal one.
 *
 * @throws AppError what {@link readJson} and {@link checkJson} throw
 */
export function parseJson(text: string): JsonValue {
  const value = readJson(text)
  checkJson(value, '', text)
  return value
}

/**
 * A value as text that {@link readJson} takes. JSON.stringify writes doubles up to 1e21 in digits, which would be read as
 * integers beyond 2^53: what was admitted as `1e20` would be refused when it is replayed.
 *
 * @throws RangeError where nesting exhausts the stack
 */
export function writeJson(value: JsonValue): string {
  const text = JSON.stringify(value)
  return LONG_INTEGER.test(text) ? text.replace(TEXT_OR_LONG_INTEGER, writeExponent) : text
}

function writeExponent(token: string): string {
  return markUnsafe(token) === token ? token : Number(token).toExponential()
}
