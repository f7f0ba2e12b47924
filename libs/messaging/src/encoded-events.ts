import { batchBuffers } from './batch-buffers.ts'

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
  /** Parts that are yet to be copied, see {@link release}. */
  #parts = 0
  #isReleased = false

  /** @param sizeHint bytes that they will come to, more or less */
  constructor(sizeHint: number) {
    this.#bytes = batchBuffers.take(sizeHint)
  }

  get length(): number {
    return this.#starts.length
  }

  /** Bytes of some of them, with commas between. @param to behind the last one */
  bytesOf(from: number, to: number): number {
    return this.#endOf(to - 1) - this.#starts[from]!
  }

  slice(from: number, to: number): Buffer {
    this.#requireBytes()
    return this.#bytes.subarray(this.#starts[from]!, this.#endOf(to - 1))
  }

  idAt(i: number): string {
    this.#requireBytes()
    const from = this.#starts[i]! + ID_BEGIN.length
    return this.#bytes.toString('latin1', from, this.#bytes.indexOf(QUOTE, from))
  }

  /** From here on as many calls of {@link release} end the use of the bytes. */
  expectReleases(parts: number): void {
    this.#parts = parts
  }

  /** A part of the events was copied. With the last one, the bytes are for other events. */
  release(): void {
    if (--this.#parts !== 0) return
    this.#isReleased = true
    batchBuffers.release(this.#bytes)
  }

  #requireBytes(): void {
    if (this.#isReleased) throw new Error('The bytes of the events were released')
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
    const start = this.#writeNames(writeId, key, index, number)
    return this.#finish(start, this.#end + this.#bytes.write(dataText, this.#end))
  }

  /** The same of data in bytes. @param to behind the last one */
  addBytes(
    writeId: WriteEventId,
    key: EventKeyPrefix | undefined,
    index: number,
    number: number,
    data: Buffer,
    from: number,
    to: number,
  ): number {
    this.#reserveBytes(to - from + FRAME_BYTES + (key?.bytes.length ?? 0))
    const start = this.#writeNames(writeId, key, index, number)
    return this.#finish(start, this.#end + data.copy(this.#bytes, this.#end, from, to))
  }

  /** All that stands before the data. @returns where the event begins */
  #writeNames(writeId: WriteEventId, key: EventKeyPrefix | undefined, index: number, number: number): number {
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
    this.#end = put(bytes, at, DATA_BEGIN)
    return start
  }

  #finish(start: number, end: number): number {
    this.#bytes[end] = OBJECT_END
    this.#end = end + 1
    return this.#end - start
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
    this.#reserveBytes(Buffer.byteLength(text) + more)
  }

  #reserveBytes(needed: number): void {
    if (needed <= this.#bytes.length - this.#end) return
    const grown = batchBuffers.take(2 * this.#bytes.length + needed)
    this.#bytes.copy(grown, 0, 0, this.#end)
    batchBuffers.release(this.#bytes)
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
