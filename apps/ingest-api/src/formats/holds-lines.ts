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

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

function firstByte(bytes: Buffer): number | undefined {
  let i = BYTE_ORDER_MARK.every((byte, n) => bytes[n] === byte) ? BYTE_ORDER_MARK.length : 0
  while (bytes[i]! <= SPACE) i++
  return bytes[i]
}
