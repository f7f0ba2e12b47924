import type { AppError } from '../app-error.ts'
import type { JsonValue } from '../json-value.ts'

/** What a message on one of the public subjects may carry besides its payload. */
export const HEADERS = {
  /** `1`: the payload is an envelope, `{"events":[{"id","key"?,"item"?,"op"?,"data"}]}`. Without it, it is one raw event of a third party. */
  envelope: 'Runnel-Envelope',
  /** How many events the envelope holds. */
  count: 'Runnel-Count',
  /** Core subject that wants a {@link StoredReply} once the envelope is stored. */
  replyTo: 'Runnel-Reply-To',
  /** On a raw message: the id that it keeps (a replayed dead letter). On an envelope: the dead letter that it replays. */
  eventId: 'Runnel-Event-Id',
  /** On a replayed dead letter: `item`: the payload is an item as it was admitted, not the message of a third party. */
  form: 'Runnel-Form',
  /** On a replayed dead letter: when the event was first received, in milliseconds since 1970. Never believed beyond now. */
  receivedAt: 'Runnel-Received-At',
  /** On a replayed dead letter: where the broker first took the event, see encodeBrokerPosition. Never believed beyond its own. */
  position: 'Runnel-Position',
  /** On a raw message: its idempotency key, percent-encoded. `Nats-Msg-Id` serves where this is missing or empty. */
  eventKey: 'Runnel-Event-Key',
  /** On a replayed dead letter with a key: what tells it apart from others of its key, see encodeItemIdentity. */
  eventItem: 'Runnel-Event-Item',
  /** On a dead letter that was edited: SHA-256 of what is stored of it, in hexadecimal digits. */
  letterHash: 'Runnel-Letter-Hash',
  /** On a raw message: the {@link EventOperation}, whatever its case. */
  operation: 'Runnel-Operation',
  /** When a publisher of Runnel sent the message, in milliseconds since 1970, at a broker that keeps no time of arrival. */
  sentAt: 'Runnel-Sent-At',
  /** The broker's own de-duplication id. */
  messageId: 'Nats-Msg-Id',
} as const

/**
 * What the bytes of an event are: `item`: one value of an envelope, as it was admitted. `message`: the message of a third
 * party. `entry`: a malformed member of an envelope. `envelope`: all of an envelope that could not be read.
 */
export type EventForm = 'item' | 'message' | 'entry' | 'envelope'

/** Products alone know `delete`. */
export type EventOperation = 'upsert' | 'delete'

/** One admitted event on its way through the broker. */
export interface EnvelopeEvent {
  /** UUIDv7 given at admission. */
  readonly id: string
  /**
   * Idempotency key of the client, remembered for 48 h. Of an item of a request with a key: that key with `#` and the
   * item's place behind it, which is all that consumers before version 0.2 know.
   */
  readonly key?: string
  /** What tells items of one key apart, see encodeItemIdentity. Without it the key alone decides. */
  readonly item?: string
  /** `upsert` where it is missing. */
  readonly op?: EventOperation
  /** The item as it was sent. */
  readonly data: JsonValue
}

/** An event of an envelope, or what stands in its place. */
export type EnvelopeItem =
  { readonly event: EnvelopeEvent } | { readonly malformed: AppError; readonly raw: JsonValue }

/** Of answers to `?wait=stored`, and of requests for what was stored: {@link StoredReply.position}. */
export const POSITION_HEADER = 'runnel-position'

/**
 * What became of each event of an envelope, sent to {@link HEADERS.replyTo} after the commit. An event of `ids` that no other
 * member names is stored; consumers before v0.2.0 send the first two members alone.
 */
export interface StoredReply {
  readonly ids: readonly string[]
  readonly deadLettered: readonly { readonly id: string; readonly reason: string }[]
  /** Products: the event is kept, but the product has a newer state than what it says. */
  readonly superseded?: readonly string[]
  /** Nothing was stored of these: an event with the same key has been there before. */
  readonly duplicates?: readonly DuplicateEvent[]
  /** Products that were sent without an id: which one each event is about. */
  readonly products?: readonly { readonly id: string; readonly productId: number }[]
  /** A place in PostgreSQL's log (`16/B374D848`) that is behind all of it; left out where it is not known. */
  readonly position?: string
}

/** An event whose idempotency key another event had before it. */
export interface DuplicateEvent {
  readonly id: string
  /** The id of the event that was stored under the key. */
  readonly of: string
}
