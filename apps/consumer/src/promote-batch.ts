import { HEADERS, type Kind } from '@runnel/contracts'
import type { Message } from '@runnel/messaging'
import type { DeadLetter, EventRow, ReplayedLetter } from '@runnel/repositories-events'
import { hash } from 'node:crypto'
import type { IncomingEvent, Poison, ReadMessage } from './incoming-event.ts'
import { payloadOfEvent, reasonOf } from './read-message.ts'

/** Where a row came from, for answers, replays and dead letters. */
export interface Origin {
  readonly event: IncomingEvent
  readonly message: Message
}

export interface PromotedBatch<R> {
  /** In the order of arrival. */
  readonly rows: readonly R[]
  /** Of each row, at its index: a map of all rows would cost as much as making them. */
  readonly origins: readonly Origin[]
  /** The rows that claim to have been dead letters. */
  readonly replayed: ReadonlyMap<R, ReplayedLetter>
  /** What cannot become a row. */
  readonly letters: DeadLetter[]
}

/** Turns what messages hold into rows; what cannot be one becomes a dead letter. Pauses now and then. */
export function* promoteBatch<R extends EventRow>(
  kind: Kind,
  reads: readonly (readonly [Message, ReadMessage])[],
  promote: (event: IncomingEvent) => R,
): Generator<void, PromotedBatch<R>> {
  const rows: R[] = []
  const origins: Origin[] = []
  const replayed = new Map<R, ReplayedLetter>()
  const letters: DeadLetter[] = []
  for (const [message, { events, poison }] of reads) {
    for (const bad of poison) letters.push(toDeadLetter(kind, bad, message))
    for (const event of events) {
      try {
        const promoted = promote(event)
        // A row with a key of its own is distinguished by that key alone.
        const hasSentKey = event.item !== undefined && promoted.key === event.key
        const row = hasSentKey ? { ...promoted, item: event.item } : promoted
        rows.push(row)
        origins.push({ event, message })
        if (event.letterId !== undefined) replayed.set(row, claimLetter(row, event.letterId, message))
      } catch (error) {
        letters.push(deadLetterOf(kind, { event, message }, reasonOf(error)))
      }
    }
    yield
  }
  return { rows, origins, replayed, letters }
}

/**
 * Any client may name a letter: it is believed where the letter has the very bytes of the message, or those whose hash the message
 * gives, because a person edited it.
 */
function claimLetter({ id: rowId }: EventRow, letterId: string, message: Message): ReplayedLetter {
  const given = message.header(HEADERS.letterHash)
  return { rowId, letterId, payloadHash: given ?? hash('sha256', message.payload, 'hex') }
}

/** An event that could be read, as a dead letter. */
export function deadLetterOf(kind: Kind, { event, message }: Origin, reason: string): DeadLetter {
  return toDeadLetter(kind, { ...event, ...payloadOfEvent(event, message.payload), reason }, message)
}

function toDeadLetter(
  kind: Kind,
  { sourceId, key, item, op, form, receivedMs, position, payload, reason }: Poison,
  message: Message,
): DeadLetter {
  return {
    sourceId,
    kind,
    subject: message.subject,
    payload,
    reason,
    operation: op,
    form,
    receivedAtMs: receivedMs,
    ...(position && { position }),
    ...(key !== undefined && { key }),
    ...(item !== undefined && { item }),
  }
}
