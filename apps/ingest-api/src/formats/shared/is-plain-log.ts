import { MAX_INDEXED_TEXT_BYTES } from '@runnel/contracts'
import { isPlainJson } from '@runnel/json'
import type { DecodeLimits } from '../../wire-format.ts'

/** Members of a log that the schema has a limit for: where they are no longer, no value of theirs is too long. */
const LIMITED = ['level', 'service'].map((name) => Buffer.from(name))

/** What a log is known by, if it is there: for admission to read. */
const OWN_KEY = Buffer.from('eventId')

/**
 * Whether a log is known to be good by its bytes alone, and has no key of its own, so that admission need not read it; see isPlainJson.
 *
 * @param bytes of which those from `from` to `to` are UTF-8, and the text of the log
 * @param addedChars that the log gets besides
 */
export function isPlainLog(
  bytes: Uint8Array,
  from: number,
  to: number,
  { eventLimitBytes }: Pick<DecodeLimits, 'eventLimitBytes'>,
  addedChars = 0,
): boolean {
  return isPlainJson(bytes, from, to, { maxWrittenBytes: eventLimitBytes, addedChars }, isPlainMember)
}

function isPlainMember(bytes: Uint8Array, from: number, to: number, valueBytes: number): boolean {
  if (isName(bytes, from, to, OWN_KEY)) return false
  return valueBytes <= MAX_INDEXED_TEXT_BYTES || !LIMITED.some((name) => isName(bytes, from, to, name))
}

function isName(bytes: Uint8Array, from: number, to: number, name: Uint8Array): boolean {
  if (to - from !== name.length) return false
  for (let i = 0; i < name.length; i++) if (bytes[from + i] !== name[i]) return false
  return true
}
