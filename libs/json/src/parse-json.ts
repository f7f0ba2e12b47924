import { isUtf8 } from 'node:buffer'
import { AppError } from '@runnel/contracts'
import { checkJson } from './check-json.ts'
import type { JsonValue } from '@runnel/contracts'
import { findJoin } from './find-join.ts'
import { parseText } from './parse-text.ts'
import { tooDeep } from './require-depth.ts'

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
 * JSON text as a value that {@link checkJson} has to see yet, or requireDepth before anything else walks over it. Numbers that a
 * double would change keep their text.
 *
 * @throws AppError bad_json | too_deep | too_many_items
 */
export function readJson(text: string): JsonValue {
  try {
    return parseText(text)
  } catch (error) {
    if (error instanceof AppError) throw error
    // Names and numbers are put back into nested objects one by one, which exhausts the stack long after every limit.
    if (error instanceof RangeError) throw tooDeep()
    const join = findJoin(text)
    if (join !== undefined) throw joinedValues(join, error)
    throw new AppError('bad_json', 'This is not valid JSON', { expected: 'JSON' }, error)
  }
}

function joinedValues(at: number, cause: unknown): AppError {
  const message = `Another value begins behind the end of the JSON, at character ${at + 1}`
  const expected = 'one JSON value; several as an array, or one a line as application/x-ndjson'
  return new AppError('bad_json', message, { expected }, cause)
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
