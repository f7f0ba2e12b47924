import {
  AppError,
  isExactNumber,
  MAX_ATTRIBUTES_BYTES,
  mergePatch,
  writeNumeric,
  type JsonObject,
} from '@runnel/contracts'

/**
 * Attributes after a change, see mergePatch.
 *
 * @throws AppError invalid_field where they are larger than MAX_ATTRIBUTES_BYTES
 */
export function mergeAttributes(stored: JsonObject, change: JsonObject, field = '/attributes'): JsonObject {
  const attributes = mergePatch(stored, change)
  if (isTooLarge(attributes)) {
    throw new AppError('invalid_field', 'The attributes are too large', {
      field,
      expected: `at most ${MAX_ATTRIBUTES_BYTES} bytes of JSON`,
    })
  }
  return attributes
}

/** Numbers count as PostgreSQL writes them: `1e400` has 401 digits. */
function isTooLarge(attributes: JsonObject): boolean {
  if (Buffer.byteLength(JSON.stringify(attributes)) > MAX_ATTRIBUTES_BYTES) return true
  const written = JSON.stringify(attributes, (_, value: unknown) =>
    isExactNumber(value) ? JSON.rawJSON(writeNumeric(value)) : value,
  )
  return Buffer.byteLength(written) > MAX_ATTRIBUTES_BYTES
}
