import { toPiece, type ByteWriter } from '../shared/byte-writer.ts'
import type { HeadPieces, MetricHead } from './metric-head.ts'
import { NOT_PLAIN, PlainFields } from './plain-fields.ts'
import { MAX_GROWTH, putAttribute, putTime } from './put-plain.ts'
import type { WrittenOrigin } from './written-origin.ts'

/** Tags of the fields of NumberDataPoint. */
const START_TIME = 0x11
const TIME = 0x19
const AS_DOUBLE = 0x21
const AS_INT = 0x31
const ATTRIBUTES = 0x3a

const HALF = 0x1_0000_0000

/** Names and times of an event, beside what it shares with others. */
const FRAME_BYTES = 512

const TIMESTAMP = toPiece(',"timestamp":')
const START = toPiece(',"start":')
const RESOURCE = toPiece(',"resource":')
const OBJECT_END = 0x7d

const NOWHERE = -1

/**
 * Writes a point of a gauge or a sum as most are: attributes that are scalars, and a number that is exact as a double. It goes from bytes to
 * bytes, without a message, values or texts of it between. It is what numberRows writes.
 *
 * @returns whether the point says when it was; undefined of any other point, also of one that is malformed: it has to be read as a
 * message, and nothing is written
 */
export function putPlainPoint(bytes: Uint8Array, head: MetricHead, out: ByteWriter): boolean | undefined {
  const start = out.at
  try {
    const pieces = head.pieces()
    const ofOrigin = head.origin.written
    out.reserve(bytes.length * MAX_GROWTH + pieces.size + ofOrigin.pieces.size + FRAME_BYTES)
    return new PlainPoint(bytes).put(out, pieces, ofOrigin)
  } catch {
    out.at = start
    return undefined
  }
}

/** Where the fields of a point stand. */
class PlainPoint {
  readonly #fields: PlainFields
  #timeLow = 0
  #timeHigh = 0
  #startLow = 0
  #startHigh = 0
  #value: number | undefined
  #attributes = NOWHERE
  #attributesEnd = 0

  constructor(bytes: Uint8Array) {
    this.#fields = new PlainFields(bytes)
  }

  put(out: ByteWriter, pieces: HeadPieces, origin: WrittenOrigin): boolean {
    this.#find()
    const { resource } = origin.pieces
    const hasTime = (this.#timeLow | this.#timeHigh) !== 0
    out.put(pieces.name)
    this.#putValue(out)
    out.put(pieces.unit)
    this.#putTags(out, origin)
    out.putByte(OBJECT_END)
    if (hasTime) {
      out.put(TIMESTAMP)
      putTime(out, this.#timeLow, this.#timeHigh)
    }
    out.put(pieces.kind)
    if ((this.#startLow | this.#startHigh) !== 0) {
      out.put(START)
      putTime(out, this.#startLow, this.#startHigh)
    }
    if (resource !== undefined) {
      out.put(RESOURCE)
      out.put(resource)
    }
    out.put(pieces.end)
    return hasTime
  }

  #find(): void {
    const fields = this.#fields
    while (fields.at < fields.end) {
      const start = fields.at
      switch (fields.tag()) {
        case START_TIME:
          this.#startLow = fields.fixed32()
          this.#startHigh = fields.fixed32()
          break
        case TIME:
          this.#timeLow = fields.fixed32()
          this.#timeHigh = fields.fixed32()
          break
        case AS_DOUBLE:
          this.#value = fields.double()
          if (!Number.isFinite(this.#value)) throw NOT_PLAIN
          break
        case AS_INT: {
          const low = fields.fixed32()
          this.#value = (fields.fixed32() | 0) * HALF + low
          if (!Number.isSafeInteger(this.#value)) throw NOT_PLAIN
          break
        }
        case ATTRIBUTES:
          if (this.#attributes === NOWHERE) this.#attributes = start
          else if (this.#attributesEnd !== start) throw NOT_PLAIN
          this.#attributesEnd = fields.at = fields.endOfBytes()
          break
        default:
          throw NOT_PLAIN
      }
    }
  }

  /** A zero has no sign, as JSON.stringify writes it. */
  #putValue(out: ByteWriter): void {
    const value = this.#value
    if (value === undefined) throw NOT_PLAIN
    if (value >= 0 && value === (value | 0)) out.putInteger(value)
    else out.putText(`${value}`)
  }

  #putTags(out: ByteWriter, { pieces: { tags, serviceTag }, names: none }: WrittenOrigin): void {
    out.put(tags)
    const start = out.at
    const fields = this.#fields
    let names = none
    if (this.#attributes !== NOWHERE) {
      for (fields.at = this.#attributes; fields.at < this.#attributesEnd;) {
        fields.tag()
        names = putAttribute(out, fields, names)
      }
    }
    out.put(serviceTag)
    if (tags.length === 0) out.dropByte(start)
  }
}
