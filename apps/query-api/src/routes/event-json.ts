import { Type } from 'typebox'
import { encodeEventCursor } from '../params/cursor.ts'
import { Nullable } from '../params/schemas.ts'

interface StoredEvent {
  readonly id: string
  readonly receivedAtMs: number
  readonly occurredAtMs: number
}

/** What every event of an answer has. */
export const eventMembers = {
  id: Type.String(),
  receivedAt: Type.String(),
  occurredAt: Type.String(),
}

export const NullableText = Nullable(Type.String())

/** A time as text. */
export function toTime(ms: number): string {
  return new Date(ms).toISOString()
}

/**
 * An event as JSON.
 *
 * @param members further members
 * @param texts members whose values are JSON already, and go out exactly as they were stored
 */
export function encodeEvent(
  event: StoredEvent,
  members: object,
  texts: Readonly<Record<string, string>>,
): string {
  const head = JSON.stringify({
    id: event.id,
    receivedAt: toTime(event.receivedAtMs),
    occurredAt: toTime(event.occurredAtMs),
    ...members,
  })
  const tail = Object.entries(texts).map(([name, text]) => `,"${name}":${text}`)
  return `${head.slice(0, -1)}${tail.join('')}}`
}

/** A page of events as JSON. */
export function encodeEventPage<T extends StoredEvent>(
  { items, more }: { readonly items: readonly T[]; readonly more: boolean },
  encode: (item: T) => string,
): string {
  const last = items.at(-1)
  const nextCursor = more && last ? JSON.stringify(encodeEventCursor(last)) : 'null'
  return `{"items":[${items.map(encode).join(',')}],"nextCursor":${nextCursor}}`
}
