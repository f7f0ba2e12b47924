import type { Kind } from '@runnel/contracts'
import { NOT_PLAIN, skipBlanksOfLine } from '@runnel/json'
import { isUtf8 } from 'node:buffer'
import type { DecodedBody, DecodeLimits } from '../wire-format.ts'
import { endOfPlainEvent, hasRoom } from './shared/plain/is-plain-event.ts'

const NEWLINE = 0x0a
const COMMA = 0x2c
const ARRAY_START = 0x5b
const ARRAY_END = 0x5d

/**
 * The items of an array on one line, all of which are events that admission need not read. Most arrays are such, and cost half as much as by
 * splitArray, which takes all others.
 *
 * @returns undefined for another array
 */
export function splitPlainArray(
  bytes: Buffer,
  kind: Kind,
  limits: DecodeLimits,
): Pick<DecodedBody, 'texts' | 'plain'> | undefined {
  const start = skipBlanksOfLine(bytes, 0)
  if (bytes[start] !== ARRAY_START || !isUtf8(bytes)) return undefined
  const line = endLine(bytes)
  const texts: string[] = []
  for (let from = start + 1; texts.length < limits.maxItems;) {
    const end = endOfPlainEvent(kind, line, skipBlanksOfLine(line, from))
    if (end === NOT_PLAIN) return undefined
    const to = skipBlanksOfLine(line, end)
    if (!hasRoom(to - from, limits)) return undefined
    texts.push(line.toString('utf8', from, to))
    if (line[to] === ARRAY_END)
      return isLineEnd(line, to + 1) ? { texts, plain: texts.map(() => true) } : undefined
    if (line[to] !== COMMA) return undefined
    from = to + 1
  }
  return undefined
}

/** With the newline that endOfPlainJson needs. */
function endLine(bytes: Buffer): Buffer {
  if (bytes[bytes.length - 1] === NEWLINE) return bytes
  const line = Buffer.allocUnsafe(bytes.length + 1)
  line.set(bytes)
  line[bytes.length] = NEWLINE
  return line
}

function isLineEnd(line: Buffer, from: number): boolean {
  return skipBlanksOfLine(line, from) === line.length - 1
}
