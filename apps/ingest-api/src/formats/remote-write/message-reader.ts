import { AppError } from '@runnel/contracts'
import { WireType } from '@bufbuild/protobuf/wire'
import { FieldReader } from '@runnel/wire/field-reader'
import { readSpecialValue } from '@runnel/wire/special-value'
import type { WrittenSample } from './written-series.ts'

/** What a reader of texts returns for bytes that are no UTF-8. */
export const NO_TEXT = Symbol('no text')

/** Fields of a request between two pauses: they are small. */
export const FIELDS_AT_A_TIME = 1000

/**
 * Walks through a message of Protocol Buffers without making objects of it: 2,000 samples a request are too many for the general
 * reader, which would also lose the bits of a stale marker, and cannot stop halfway. Its primitives are those of other messages.
 */
export class MessageReader {
  readonly bytes: Buffer
  readonly #reader: FieldReader
  /** Of the field that was read last. */
  #wireType: WireType = WireType.Varint
  #field = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.#reader = new FieldReader(bytes)
  }

  get at(): number {
    return this.#reader.pos
  }

  moveTo(at: number): void {
    this.#reader.pos = at
  }

  /** @returns the number of the next field of a message, or 0 at its end. @throws Error where it has no end */
  nextField(end: number): number {
    const reader = this.#reader
    if (reader.pos >= end) {
      if (reader.pos > end) throw malformed()
      return 0
    }
    const tag = reader.nextTag()
    this.#wireType = tag & 7
    return (this.#field = tag >>> 3)
  }

  get isList(): boolean {
    return this.#wireType === WireType.LengthDelimited
  }

  skip(): void {
    this.#reader.skip(this.#wireType, this.#field)
  }

  /** @returns where the message, text or list that begins here ends */
  readEnd(end: number): number {
    this.#require(WireType.LengthDelimited)
    const length = this.#reader.uint32()
    const inner = this.#reader.pos + length
    if (inner > end) throw malformed()
    return inner
  }

  /** A text as JSON. */
  readText(end: number): string | typeof NO_TEXT {
    const start = this.#reader.pos
    const inner = this.readEnd(end)
    this.#reader.pos = start
    try {
      return this.#reader.jsonText()
    } catch {
      // Its bytes are all there, so that it is they.
      this.#reader.pos = inner
      return NO_TEXT
    }
  }

  readUint32(): number {
    return this.#reader.uint32()
  }

  /** A 64-bit integer as a double: exact for every time up to the year 9999. */
  readInteger(): number {
    this.#require(WireType.Varint)
    const short = this.#reader.shortInteger()
    return short < 0 ? Number(this.#reader.int64()) : short
  }

  /** A double stands in the eight bytes before {@link at} afterwards. */
  readDouble(): number {
    this.#require(WireType.Bit64)
    return this.#reader.double()
  }

  /**
   * The message `Sample` of both versions.
   *
   * @param skipOther moves behind a field that it does not know, of a message that ends there
   */
  readSample(end: number, skipOther: (inner: number) => void): WrittenSample {
    const inner = this.readEnd(end)
    let [value, timestampMs]: [number, number] = [0, 0]
    let special: WrittenSample['special']
    for (let field = this.nextField(inner); field !== 0; field = this.nextField(inner)) {
      if (field === 1) {
        value = this.readDouble()
        special = Number.isFinite(value) ? undefined : readSpecialValue(this.bytes, this.at - 8)
      } else if (field === 2) timestampMs = this.readInteger()
      else skipOther(inner)
    }
    return { value, special, timestampMs }
  }

  #require(wireType: WireType): void {
    if (this.#wireType !== wireType) throw malformed()
  }
}

/** @returns the error of a body that is no message of remote write */
export function malformed(cause?: unknown): AppError {
  const message = 'The body is no write request of Prometheus'
  return new AppError('bad_request', message, { expected: 'a message of remote write 1.0 or 2.0' }, cause)
}
