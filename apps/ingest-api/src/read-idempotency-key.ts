import { AppError, MAX_KEY_BYTES } from '@runnel/contracts'
import { isUtf8 } from 'node:buffer'

/**
 * Node reads headers as Latin-1. What is UTF-8 is read as that, so that a key is the same one in the header and in the
 * member `eventId`; bytes that are no UTF-8 stay Latin-1.
 *
 * @throws AppError when the header holds no usable key
 */
export function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  const bytes = Buffer.from(Array.isArray(header) ? header.join(',') : header, 'latin1')
  const key = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
  if (key !== '' && Buffer.byteLength(key) <= MAX_KEY_BYTES) return key
  throw new AppError('invalid_field', 'The idempotency key is empty or too long', {
    field: 'idempotency-key',
    expected: `1 to ${MAX_KEY_BYTES} bytes`,
  })
}
