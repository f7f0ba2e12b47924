import { behindMark, BYTE_ORDER_MARK } from './shared/byte-order-mark.ts'

const NEWLINE = 0x0a
const SPACE = 0x20
const OBJECT_START = 0x7b
const OBJECT_END = 0x7d

/** @returns whether a body begins as an object */
export function beginsAsObject(bytes: Buffer): boolean {
  return firstByte(bytes) === OBJECT_START
}

/**
 * Whether a body is several objects, each on lines of its own. No single JSON value has an object that begins on the line behind
 * the end of another one: between two objects there is a comma, and a text may not go on over a line.
 *
 * In one pass, and only where there is a second line: most bodies are one.
 */
export function holdsLines(bytes: Buffer): boolean {
  if (!bytes.includes(NEWLINE) || !beginsAsObject(bytes)) return false
  let last = 0
  let isNewLine = false
  for (const byte of bytes) {
    if (byte === NEWLINE) isNewLine = true
    if (byte <= SPACE || (isNewLine && BYTE_ORDER_MARK.includes(byte))) continue
    if (isNewLine && last === OBJECT_END && byte === OBJECT_START) return true
    last = byte
    isNewLine = false
  }
  return false
}

function firstByte(bytes: Buffer): number | undefined {
  let i = behindMark(bytes)
  while (bytes[i]! <= SPACE) i++
  return bytes[i]
}
