import type { EventOperation, ItemOrigin, JsonValue } from '@runnel/contracts'

/** One event of a message, read but not yet turned into a row. */
export interface IncomingEvent {
  /** Of the row that it becomes. */
  readonly id: string
  /** The id that it came with: the same one, unless its time lies outside of what is kept. */
  readonly sourceId: string
  readonly key: string | undefined
  readonly op: EventOperation
  /** The item as it was sent. */
  readonly data: JsonValue
  /** It was a dead letter: storing it removes that. */
  readonly replayed: boolean
  /** The bytes of a message that held this one event alone: what a third party sent, or a replay. */
  readonly raw?: Uint8Array
}

/** Something that arrived and cannot become a row. */
export interface Poison {
  readonly sourceId: string
  readonly key?: string | undefined
  readonly op: EventOperation
  readonly payload: Uint8Array
  readonly reason: string
}

/** What a message turned out to hold. */
export interface ReadMessage {
  readonly events: readonly IncomingEvent[]
  readonly poison: readonly Poison[]
  /** Core subject that wants to hear what became of the events. */
  readonly replyTo: string | undefined
}

/** Only what came alone may have a form that third parties publish. */
export function originOf(raw: IncomingEvent['raw']): ItemOrigin {
  return raw === undefined ? 'posted' : 'raw'
}
