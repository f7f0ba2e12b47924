import type { BrokerPosition, EventForm, EventOperation, ItemOrigin, JsonValue } from '@runnel/contracts'
import type { IgnoredHeader } from './read-headers.ts'

/** What is known of everything that arrived, whether it can be read or not. */
interface EventSource {
  /** The id that it came with. */
  readonly sourceId: string
  readonly key?: string | undefined
  /** What tells it apart from others of its key, see encodeItemIdentity; without it the key alone does. */
  readonly item?: string | undefined
  readonly op: EventOperation
  readonly form: EventForm
  /** When it was first received, in milliseconds since 1970: what stands in for a time that it does not state. */
  readonly receivedMs: number
  /** Where the broker first took it: the order of events. A replay has that of the original. */
  readonly position: BrokerPosition | undefined
}

/** One event of a message, read but not yet turned into a row. */
export interface IncomingEvent extends EventSource {
  /** Of the row that it becomes: its source id, unless the time of that lies outside of what is kept. */
  readonly id: string
  /** The item as it was sent. */
  readonly data: JsonValue
  /** Source id of the dead letter that it was: storing it removes that. */
  readonly letterId?: string | undefined
  /** The bytes of a message that held this one event alone: what a third party sent, or a replay. */
  readonly raw?: Uint8Array
}

/** Something that arrived and cannot become a row. */
export interface Poison extends Omit<EventSource, 'op'> {
  /** What it was to do: as it was sent, where that is no operation. */
  readonly op: string
  readonly payload: Uint8Array
  readonly reason: string
}

/** What a message turned out to hold. */
export interface ReadMessage {
  readonly events: readonly IncomingEvent[]
  readonly poison: readonly Poison[]
  /** Core subject that wants to hear what became of the events. */
  readonly replyTo: string | undefined
  /** Headers that were not obeyed. */
  readonly ignored: readonly IgnoredHeader[]
}

/** Only the message of a third party may have a form that third parties publish; a replayed item may not. */
export function originOf(form: EventForm): ItemOrigin {
  return form === 'message' ? 'raw' : 'posted'
}
