import type { EventBase, EventPageCursors } from '@runnel/contracts/api/event-page'
import type { EventPosition } from '@runnel/repositories-events'
import { encodeEventCursor, type EventCursor } from '../params/event-cursor.ts'

interface StoredEvent {
  readonly id: string
  readonly receivedAtMs: number
  readonly occurredAtMs: number
}

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
export function encodeEvent<T extends EventBase, Text extends keyof T & string>(
  event: StoredEvent,
  members: Omit<T, keyof EventBase | Text>,
  texts: Readonly<Record<Text, string>>,
): string {
  const base: EventBase = {
    id: event.id,
    receivedAt: toTime(event.receivedAtMs),
    occurredAt: toTime(event.occurredAtMs),
  }
  const head = JSON.stringify({ ...base, ...members })
  const tail = Object.entries(texts).map(([name, text]) => `,"${name}":${text}`)
  return `${head.slice(0, -1)}${tail.join('')}}`
}

interface EncodedPage<T> extends EventCursor {
  readonly items: readonly T[]
  readonly more: boolean
  /** The search ended early behind this one. */
  readonly searchedTo?: EventPosition | undefined
}

/**
 * A page of events as JSON. `nextCursor` leads to older ones and is null where there are none. `prevCursor` leads to newer
 * ones: there may be some later, so that it is given with every page that has a place in time.
 *
 * @param page as it was read, with the cursor that it was asked for by
 * @param more members of the answer
 */
export function encodeEventPage<T extends StoredEvent>(
  { items, more, before, searchedTo }: EncodedPage<T>,
  encode: (item: T) => string,
  members: Pick<EventPageCursors, 'newestAt'> = {},
): string {
  const [first, last] = [items[0], items.at(-1)]
  const newest = first ?? before
  const older = searchedTo && !before ? searchedTo : last && (more || before) ? last : undefined
  const newer = searchedTo && before ? searchedTo : newest
  const cursors: EventPageCursors = {
    nextCursor: older ? encodeEventCursor({ after: older }) : null,
    prevCursor: newer ? encodeEventCursor({ before: newer }) : null,
    ...(searchedTo && { searchedTo: toTime(searchedTo.occurredAtMs) }),
    ...members,
  }
  const tail = JSON.stringify(cursors)
  return `{"items":[${items.map(encode).join(',')}],${tail.slice(1)}`
}
