/** Larger ones are copied by a call, smaller ones byte by byte. */
const CALL_BYTES = 48

const QUOTE = 0x22
const BACKSLASH = 0x5c
const ZERO = 0x30
/** Beyond them integers are written as text. */
const MAX_SHORT = 0x7fff_ffff

/** Which bytes stand in a JSON text as they are: ASCII without controls, quotes and backslashes. */
const STANDS_IN_JSON = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
)

const HEX_DIGITS = toPiece('0123456789abcdef')

/** A text as bytes that are written often. */
export function toPiece(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Bytes that grow. Room is reserved before several pieces are written, for to look at each of them takes longer than to write it. */
export class ByteWriter {
  at = 0
  #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** What was written, and room behind it: valid until more is reserved. */
  get bytes(): Buffer {
    return this.#bytes
  }

  /** Makes sure that so many bytes can be written. */
  reserve(bytes: number): void {
    if (this.at + bytes <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(2 * this.#bytes.length + bytes)
    this.#bytes.copy(grown, 0, 0, this.at)
    this.#bytes = grown
  }

  put(piece: Uint8Array): void {
    const bytes: Uint8Array = this.#bytes
    if (piece.length > CALL_BYTES) bytes.set(piece, this.at)
    else for (let i = 0, at = this.at; i < piece.length; i++) bytes[at + i] = piece[i]!
    this.at += piece.length
  }

  /** Bytes of a larger buffer, as they are. */
  putRange(source: Buffer, from: number, to: number): void {
    const bytes: Uint8Array = this.#bytes
    if (to - from > CALL_BYTES) source.copy(this.#bytes, this.at, from, to)
    else for (let i = from, at = this.at; i < to; i++) bytes[at++] = source[i]!
    this.at += to - from
  }

  /** Some of what was written, once more. */
  putAgain(from: number, to: number): void {
    this.#bytes.copyWithin(this.at, from, to)
    this.at += to - from
  }

  putByte(byte: number): void {
    this.#bytes[this.at++] = byte
  }

  /** Takes out a byte, if one stands there: the comma of a member that turned out to be the first one. */
  dropByte(at: number): void {
    if (at === this.at) return
    this.#bytes.copyWithin(at, at + 1, this.at)
    this.at--
  }

  /** Any text, for what is rare or was a text before. */
  putText(text: string): void {
    this.at += this.#bytes.write(text, this.at)
  }

  /** @param integer from 0 */
  putInteger(integer: number): void {
    if (integer > MAX_SHORT) return this.putText(`${integer}`)
    let digits = 1
    for (let left = integer; left >= 10; left = (left / 10) | 0) digits++
    this.putDigits(integer, digits)
  }

  /** @param integer from 0, of 31 bits, with zeros before it */
  putDigits(integer: number, digits: number): void {
    const bytes: Uint8Array = this.#bytes
    for (let i = this.at + digits - 1, left = integer; i >= this.at; i--) {
      const rest = (left / 10) | 0
      bytes[i] = ZERO + left - rest * 10
      left = rest
    }
    this.at += digits
  }

  /**
   * Some bytes as the text of JSON that they are, without its quotes.
   *
   * @returns whether all of them can stand in JSON as they are; else nothing is written
   */
  putPlain(source: Uint8Array, from: number, to: number): boolean {
    const bytes: Uint8Array = this.#bytes
    let at = this.at
    for (let i = from; i < to; i++) {
      const byte = source[i]!
      if (STANDS_IN_JSON[byte] === 0) return false
      bytes[at++] = byte
    }
    this.at = at
    return true
  }

  putHex(source: Uint8Array, from: number, to: number): void {
    const bytes: Uint8Array = this.#bytes
    let at = this.at
    for (let i = from; i < to; i++) {
      const byte = source[i]!
      bytes[at++] = HEX_DIGITS[byte >> 4]!
      bytes[at++] = HEX_DIGITS[byte & 0xf]!
    }
    this.at = at
  }
}
