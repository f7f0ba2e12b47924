import { isJsonObject, type JsonValue } from '../json-value.ts'

/**
 * The idempotency key that an item itself names. Only a text is one: some loggers number their events, and such a member
 * is just kept.
 */
export function ownKey(item: JsonValue): string | undefined {
  const eventId = isJsonObject(item) ? item['eventId'] : undefined
  return typeof eventId === 'string' && eventId !== '' ? eventId : undefined
}
