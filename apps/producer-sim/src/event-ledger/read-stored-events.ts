import type { JsonObject, Kind } from '@runnel/contracts'
import type { Database } from '@runnel/repositories-database'
import { findDeadLetteredItems, findStoredItems, type ItemFilter } from '@runnel/repositories-events'

/** Which stored events to read, and how to recognise them. A key names one event. */
export interface StoredEventsQuery<Key> {
  readonly kind: Kind
  readonly filter: ItemFilter
  /** @returns undefined for an item that names no event of this query */
  keyOf(item: JsonObject): Key | undefined
  /** @returns whether the whole item is what was sent under this key */
  matches(key: Key, item: JsonObject): boolean
  /** @param payload of a dead letter, which may hold any bytes @returns the events that it names */
  keysOfDeadLetter(payload: Buffer): Iterable<Key>
}

/** Receives every row and every dead letter. The key is undefined where none was recognised. */
export interface StoredEventsVisitor<Key> {
  row(key: Key | undefined, rowId: string, isAltered: boolean): void
  deadLetter(key: Key | undefined, sourceId: string, reason: string): void
}

/**
 * Reads what the store holds of a query's events, in one pass over their rows and one over their dead letters.
 *
 * @throws what the database failed with, or the signal's reason when it aborts
 */
export async function readStoredEvents<Key>(
  db: Database,
  query: StoredEventsQuery<Key>,
  visitor: StoredEventsVisitor<Key>,
  signal?: AbortSignal,
): Promise<void> {
  const { kind, filter } = query
  for await (const page of findStoredItems(db, kind, filter)) {
    signal?.throwIfAborted()
    for (const { id, item } of page) {
      const key = query.keyOf(item)
      visitor.row(key, id, key === undefined || !query.matches(key, item))
    }
  }
  for await (const page of findDeadLetteredItems(db, kind, filter.text)) {
    signal?.throwIfAborted()
    for (const { sourceId, payload, reason } of page) {
      const keys = new Set(query.keysOfDeadLetter(payload))
      if (keys.size === 0) visitor.deadLetter(undefined, sourceId, reason)
      for (const key of keys) visitor.deadLetter(key, sourceId, reason)
    }
  }
}
