import {
  eventTimeMs,
  HEADERS,
  isEventId,
  isPositionAfter,
  parseBrokerPosition,
  type BrokerPosition,
} from '@runnel/contracts'
import type { Message, Position } from '@runnel/messaging'

/** What the headers of a replayed dead letter say of the event that it was. */
export interface Replay {
  /** Source id of the letter. */
  readonly letterId: string
  /** The payload is an item as it was admitted; else the message of a third party. */
  readonly isItem: boolean
  readonly receivedMs: number
  readonly position: BrokerPosition
}

/**
 * A replay is the original event: it counts at the time and at the place at which the broker first took it. Any client may
 * publish such headers, so that they are believed only into the past: an event can be made older than its message, which
 * loses against everything newer, and never newer.
 *
 * @param place of the message in the order of its stream
 * @returns undefined for a message that replays nothing
 */
export function readReplay(
  message: Message,
  place: Position | undefined,
  now: () => number,
): Replay | undefined {
  const letterId = message.header(HEADERS.eventId)
  if (!isEventId(letterId)) return undefined
  const nowMs = now()
  const own = { index: 0, ...(place ?? { timeMs: nowMs, tie: 0 }) }
  const arrivedMs = Math.min(message.position?.timeMs ?? nowMs, nowMs)
  const receivedMs =
    earlierTime(parseTime(message.header(HEADERS.receivedAt)), arrivedMs) ??
    // A version before this one replays it: the id says when it was received.
    earlierTime(eventTimeMs(letterId), arrivedMs) ??
    arrivedMs
  const position = parseBrokerPosition(message.header(HEADERS.position))
  return {
    letterId,
    isItem: message.header(HEADERS.form) === 'item',
    receivedMs,
    position:
      position && !isPositionAfter(position, own) ? position : { timeMs: receivedMs, tie: 0, index: 0 },
  }
}

/** 0 is the time of an id that a broker without positions led to. */
function earlierTime(timeMs: number | undefined, arrivedMs: number): number | undefined {
  return timeMs !== undefined && timeMs > 0 && timeMs <= arrivedMs ? timeMs : undefined
}

function parseTime(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
