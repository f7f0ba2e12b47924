/** Writes an event id, 36 bytes of ASCII. */
export type WriteEventId = (bytes: Uint8Array, at: number) => void

const ID_BYTES = 36
const ID_BEGIN = Buffer.from('{"id":"')
const DATA_BEGIN = Buffer.from(',"data":')
const QUOTE = 0x22
const COMMA = 0x2c
const POINT = 0x2e
const ZERO = 0x30
const OBJECT_END = 0x7d

/** What is written of an event beside its data and its key, with the digits of two numbers and a comma. */
const FRAME_BYTES = 128

/** Bytes of UTF-8 that a character of a text may take. */
const MAX_CHARACTER_BYTES = 3

/** How the keys begin that tell events of a body apart. */
export class EventKeyPrefix {
  /** The member, without its end. */
  readonly bytes: Uint8Array

  constructor(prefix: string) {
    this.bytes = Buffer.from(`,"key":${JSON.stringify(prefix).slice(0, -1)}`)
  }
}

/**
 * Events as envelopes hold them ({@link encodeEvent}), in bytes, one behind the other with commas between. An event with its id as a text
 * is a tree of pieces, which takes several times as long to write as its pieces do, and is copied by the collector meanwhile.
 */
export class EncodedEvents {
  #bytes: Buffer
  #end = 0
  /** Where each event begins. */
  readonly #starts: number[] = []

  /** @param sizeHint bytes that they will come to, more or less */
  constructor(sizeHint: number) {
    this.#bytes = Buffer.allocUnsafe(sizeHint)
  }

  get length(): number {
    return this.#starts.length
  }

  /** Bytes of some of them, with commas between. @param to behind the last one */
  bytesOf(from: number, to: number): number {
    return this.#endOf(to - 1) - this.#starts[from]!
  }

  slice(from: number, to: number): Buffer {
    return this.#bytes.subarray(this.#starts[from]!, this.#endOf(to - 1))
  }

  idAt(i: number): string {
    const from = this.#starts[i]! + ID_BEGIN.length
    return this.#bytes.toString('latin1', from, this.#bytes.indexOf(QUOTE, from))
  }

  texts(): string[] {
    return this.#starts.map((_, i) => this.slice(i, i + 1).toString())
  }

  /** @param text of encodeEvent */
  addText(text: string): void {
    this.#reserve(text, FRAME_BYTES)
    const at = this.#begin()
    this.#end = at + this.#bytes.write(text, at)
  }

  /**
   * @param key with two numbers behind it, with points between
   * @returns the bytes of the event
   */
  add(
    writeId: WriteEventId,
    key: EventKeyPrefix | undefined,
    index: number,
    number: number,
    dataText: string,
  ): number {
    this.#reserve(dataText, FRAME_BYTES + (key?.bytes.length ?? 0))
    const start = this.#begin()
    const bytes: Uint8Array = this.#bytes
    let at = put(bytes, start, ID_BEGIN)
    writeId(bytes, at)
    at += ID_BYTES
    bytes[at++] = QUOTE
    if (key !== undefined) {
      at = putDigits(bytes, put(bytes, at, key.bytes), index)
      bytes[at++] = POINT
      at = putDigits(bytes, at, number)
      bytes[at++] = QUOTE
    }
    at = put(bytes, at, DATA_BEGIN)
    at += this.#bytes.write(dataText, at)
    bytes[at++] = OBJECT_END
    this.#end = at
    return at - start
  }

  /** Takes the last one back. */
  removeLast(): void {
    const start = this.#starts.pop()!
    this.#end = this.#starts.length === 0 ? 0 : start - 1
  }

  #endOf(i: number): number {
    return i + 1 < this.#starts.length ? this.#starts[i + 1]! - 1 : this.#end
  }

  #begin(): number {
    if (this.#starts.length > 0) this.#bytes[this.#end++] = COMMA
    this.#starts.push(this.#end)
    return this.#end
  }

  #reserve(text: string, more: number): void {
    const room = this.#bytes.length - this.#end - more
    if (text.length * MAX_CHARACTER_BYTES <= room) return
    const needed = Buffer.byteLength(text)
    if (needed <= room) return
    const grown = Buffer.allocUnsafe(2 * this.#bytes.length + needed + more)
    this.#bytes.copy(grown, 0, 0, this.#end)
    this.#bytes = grown
  }
}

/** Byte by byte: to call for a copy takes longer for so few. */
function put(bytes: Uint8Array, at: number, piece: Uint8Array): number {
  for (let i = 0; i < piece.length; i++) bytes[at + i] = piece[i]!
  return at + piece.length
}

/** @param number an integer from 0 */
function putDigits(bytes: Uint8Array, at: number, number: number): number {
  let end = at + 1
  for (let left = number; left >= 10; left = Math.floor(left / 10)) end++
  for (let i = end - 1, left = number; i >= at; i--, left = Math.floor(left / 10))
    bytes[i] = ZERO + (left % 10)
  return end
}
