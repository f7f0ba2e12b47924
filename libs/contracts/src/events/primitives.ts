import { Type } from 'typebox'
import { MAX_INDEXED_TEXT_BYTES, MAX_KEY_BYTES } from './limits.ts'

/**
 * Text that lands in an index. `maxBytes` is a keyword of {@link validateItem}: Postgres counts bytes, JSON Schema's
 * maxLength counts characters.
 */
export const IndexedText = (description: string) =>
  Type.String({ maxBytes: MAX_INDEXED_TEXT_BYTES, description })

export const EventKey = Type.String({
  minLength: 1,
  maxBytes: MAX_KEY_BYTES,
  description: 'Idempotency key: a second event of the same kind with this key is dropped for 48 h',
})

export const TimestampText =
  'RFC 3339 text (UTC where it names no zone), or seconds, milliseconds, microseconds or nanoseconds since 1970'
