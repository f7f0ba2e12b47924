import type { Kind } from '@runnel/contracts'
import { isUtf8 } from 'node:buffer'
import type { DecodedBody, DecodeLimits } from '../wire-format.ts'
import { readDamaged } from './read-damaged.ts'
import { behindMark, withoutMark } from './shared/byte-order-mark.ts'
import { isPlainEvent } from './shared/plain/is-plain-event.ts'

const NEWLINE = 0x0a

/** The lines of a body that say something. What is not UTF-8 costs its line alone. */
export function splitLines(
  bytes: Buffer,
  kind: Kind,
  limits: DecodeLimits,
): Pick<DecodedBody, 'texts' | 'plain' | 'indexes' | 'rejected'> {
  // Newlines and blanks of JSON are no part of another character.
  const isWhole = isUtf8(bytes)
  const encoding = isWhole ? 'utf8' : 'latin1'
  // With a character for each byte, what JavaScript takes for a blank may be part of another character.
  const isBlank = (line: string) => (isWhole ? line.trim() : line) === ''
  const texts: string[] = []
  const plain: boolean[] = []
  for (
    let start = skipBlanks(bytes, behindMark(bytes));
    start < bytes.length && texts.length <= limits.maxItems;
  ) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline < 0 ? bytes.length : newline
    const line = withoutMark(bytes.toString(encoding, start, end), isWhole)
    if (!isBlank(line)) {
      texts.push(line)
      plain.push(isPlainEvent(kind, bytes, start, end, limits))
    }
    start = skipBlanks(bytes, end + 1)
  }
  return isWhole ? { texts, plain } : readDamaged(kind, texts)
}

/** At the end of the line before, too: what is blank says nothing. */
function skipBlanks(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at] === 0x20 || bytes[at] === NEWLINE || bytes[at] === 0x0d || bytes[at] === 0x09) at++
  return at
}
