import { TEXT_STOPS } from '@runnel/json'
import { MAX_PARSED_LINE } from './column-names.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const NEWLINE = 0x0a
const FIRST_NOT_ASCII = 0x80

/** What an escape says, by the byte behind the backslash. One that JSON.stringify would not write is not there. */
const ESCAPED = new Uint8Array(0x100)
for (const [written, byte] of Object.entries({
  ...{ '"': 0x22, '\\': 0x5c },
  ...{ b: 0x08, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 },
}))
  ESCAPED[written.charCodeAt(0)] = byte

/** One at a time: a request has its lines read between two pauses. */
const CONTENT = Buffer.allocUnsafeSlow(MAX_PARSED_LINE + 1)

/** The text of a line, read from the JSON of a push. Each line takes the place of the one before. */
export class LineBytes {
  /** What the line says, with a newline behind it. */
  readonly content = CONTENT
  /** Of the content, without that newline. */
  length = 0
  /** Where the JSON stands in the push, with its quotes. */
  from = 0
  to = 0
  isAscii = true

  /**
   * @param bytes UTF-8
   * @param at of the quote that begins it
   * @param lastQuote of the whole: a text ends there at the latest
   * @returns whether it is a text that JSON.stringify writes in the same way, and short enough to be taken apart
   */
  read(bytes: Uint8Array, at: number, lastQuote: number): boolean {
    if (at >= lastQuote) return false
    const content: Uint8Array = this.content
    let from = at + 1
    let to = 0
    let all = 0
    for (;;) {
      let byte = bytes[from]!
      while (TEXT_STOPS[byte] === 0) {
        if (to === MAX_PARSED_LINE) return false
        content[to++] = byte
        all |= byte
        byte = bytes[++from]!
      }
      if (byte === QUOTE) break
      if (byte !== BACKSLASH || from + 1 >= lastQuote || to === MAX_PARSED_LINE) return false
      const says = ESCAPED[bytes[from + 1]!]!
      if (says === 0) return false
      content[to++] = says
      from += 2
    }
    content[to] = NEWLINE
    this.length = to
    this.from = at
    this.to = from + 1
    this.isAscii = all < FIRST_NOT_ASCII
    return true
  }
}
