import type { Kind } from '@runnel/contracts'
import { MAX_TEXT_GROWTH, NOT_PLAIN, skipBlanksOfLine } from '@runnel/json'
import type { DecodeLimits } from '../../../wire-format.ts'
import { endOfPlainLog } from './end-of-plain-log.ts'
import { endOfPlainMetric } from './end-of-plain-metric.ts'

type EventLimits = Pick<DecodeLimits, 'eventLimitBytes'>

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d

/**
 * Whether a line is an event that is known to be good by its bytes alone, and has no key of its own, so that admission need not read it.
 *
 * @param bytes of which those from `from` to `to` are UTF-8: a line, without its end
 * @param addedChars that the event gets besides
 */
export function isPlainEvent(
  kind: Kind,
  bytes: Uint8Array,
  from: number,
  to: number,
  limits: EventLimits,
  addedChars = 0,
): boolean {
  // Of the last line of a body, nothing may stand behind it.
  if (to >= bytes.length || (bytes[to] !== NEWLINE && bytes[to] !== CARRIAGE_RETURN)) return false
  if (!hasRoom(to - from + addedChars, limits)) return false
  const end = endOfPlainEvent(kind, bytes, skipBlanksOfLine(bytes, from))
  return end !== NOT_PLAIN && end <= to && skipBlanksOfLine(bytes, end) >= to
}

/** @returns the index behind such an event, where there is one; see endOfPlainJson */
export function endOfPlainEvent(kind: Kind, bytes: Uint8Array, from: number): number {
  if (kind === 'metrics') return endOfPlainMetric(bytes, from)
  return kind === 'logs' ? endOfPlainLog(bytes, from) : NOT_PLAIN
}

/** @returns whether PostgreSQL writes so many bytes of JSON in no more than an event may have, whatever they are */
export function hasRoom(bytes: number, { eventLimitBytes }: EventLimits): boolean {
  return bytes * MAX_TEXT_GROWTH <= eventLimitBytes
}
