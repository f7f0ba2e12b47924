/** Ends the reading of a record that is not a plain one: it has to be read as a message. Nothing is wrong with it yet. */
export const NOT_PLAIN = new Error('The record is not a plain one')

/** Bytes of an integer that is exact as a double whatever it is; there may be ten. */
const SHORT_INTEGER_BYTES = 7

const FLOAT = new Float64Array(1)
const FLOAT_BYTES = new Uint8Array(FLOAT.buffer)

/**
 * Fields of a record where they stand. Everything else than the usual throws {@link NOT_PLAIN}: it is left to the library.
 */
export class PlainFields {
  at = 0
  readonly end: number
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.end = bytes.length
  }

  /** A tag of one byte: the number of its field times eight, and its wire type. */
  tag(): number {
    const byte = this.at < this.end ? this.bytes[this.at++]! : 0
    if (byte < 8 || byte > 0x7f) throw NOT_PLAIN
    return byte
  }

  /** @returns of what stands behind a length, its end; {@link at} is where it begins */
  endOfBytes(): number {
    const end = this.integer() + this.at
    if (end > this.end) throw NOT_PLAIN
    return end
  }

  fixed32(): number {
    const { at, bytes } = this
    if (at + 4 > this.end) throw NOT_PLAIN
    this.at = at + 4
    return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  }

  double(): number {
    if (this.at + 8 > this.end) throw NOT_PLAIN
    for (let i = 0; i < 8; i++) FLOAT_BYTES[i] = this.bytes[this.at++]!
    return FLOAT[0]!
  }

  /** An integer from 0 that is not too long to be exact. */
  integer(): number {
    const start = this.at
    const most = Math.min(this.end, start + SHORT_INTEGER_BYTES)
    let [value, worth] = [0, 1]
    for (let at = start; at < most; at++) {
      const byte = this.bytes[at]!
      value += (byte & 0x7f) * worth
      worth *= 0x80
      if (byte < 0x80) {
        this.at = at + 1
        return value
      }
    }
    throw NOT_PLAIN
  }
}
