import { toPiece, type ByteWriter } from '../shared/byte-writer.ts'
import { LEVELS } from './log-text.ts'
import type { Origin } from './origin.ts'
import { NOT_PLAIN, PlainFields } from './plain-fields.ts'
import { MAX_GROWTH, putAttribute, putString, putTime } from './put-plain.ts'

/** Tags of the fields of LogRecord. */
const TIME = 0x09
const OBSERVED_TIME = 0x59
const SEVERITY_NUMBER = 0x10
const SEVERITY_TEXT = 0x1a
const BODY = 0x2a
const ATTRIBUTES = 0x32
const FLAGS = 0x45
const TRACE_ID = 0x4a
const SPAN_ID = 0x52

/** Of AnyValue. */
const STRING = 0x0a

const MAX_SEVERITY = 24

/** Names, numbers and times of an event, beside its texts. */
const FRAME_BYTES = 512

const BEGIN = toPiece('{')
const TIMESTAMP = toPiece('"timestamp":')
const LEVEL_PIECES = LEVELS.map((level) => toPiece(`"level":"${level}",`))
const SERVICE = toPiece('"service":')
const MESSAGE = toPiece('"message":')
const ATTRIBUTES_BEGIN = toPiece('"attributes":{')
const SEVERITY_NUMBER_MEMBER = toPiece(',"severityNumber":')
const SEVERITY_TEXT_MEMBER = toPiece(',"severityText":')
const TRACE_ID_MEMBER = toPiece(',"traceId":"')
const SPAN_ID_MEMBER = toPiece(',"spanId":"')
const FLAGS_MEMBER = toPiece(',"flags":')
const OBSERVED_MEMBER = toPiece(',"observedTimestamp":')
const SCOPE_MEMBER = toPiece(',"scope":')
const RESOURCE_MEMBER = toPiece(',"resource":')
const COMMA = 0x2c
const QUOTE = 0x22
const OBJECT_END = 0x7d

/**
 * Writes a log record as most are: a text, attributes that are scalars, ids. Its text goes from bytes to bytes, without a message, values
 * or texts of it between. It is that of writeLogText.
 *
 * @returns whether the record says when it was; undefined of any other record, also of one that is malformed: it has to be read as a
 * message, and nothing is written
 */
export function putPlainLog(bytes: Uint8Array, origin: Origin, out: ByteWriter): boolean | undefined {
  const start = out.at
  try {
    out.reserve(bytes.length * MAX_GROWTH + origin.written.pieces.size + FRAME_BYTES)
    return new PlainLog(bytes).put(out, origin)
  } catch {
    out.at = start
    return undefined
  }
}

/** Where the fields of a record stand. Twice the same field is not usual. */
class PlainLog {
  readonly #fields: PlainFields
  #timeLow = 0
  #timeHigh = 0
  #observedLow = 0
  #observedHigh = 0
  #severityNumber = 0
  #flags = 0
  #severityText = NOWHERE
  #severityTextEnd = 0
  #body = NOWHERE
  #bodyEnd = 0
  #attributes = NOWHERE
  #attributesEnd = 0
  #traceId = NOWHERE
  #traceIdEnd = 0
  #spanId = NOWHERE
  #spanIdEnd = 0

  constructor(bytes: Uint8Array) {
    this.#fields = new PlainFields(bytes)
  }

  put(out: ByteWriter, { written }: Origin): boolean {
    this.#find()
    const { pieces } = written
    const hasTime = (this.#timeLow | this.#timeHigh) !== 0
    const hasObserved = (this.#observedLow | this.#observedHigh) !== 0
    out.put(BEGIN)
    if (hasTime || hasObserved) {
      out.put(TIMESTAMP)
      if (hasTime) putTime(out, this.#timeLow, this.#timeHigh)
      else putTime(out, this.#observedLow, this.#observedHigh)
      out.putByte(COMMA)
    }
    const level = LEVEL_PIECES[(this.#severityNumber - 1) >> 2]
    if (level !== undefined) out.put(level)
    if (pieces.service !== undefined) {
      out.put(SERVICE)
      out.put(pieces.service)
      out.putByte(COMMA)
    }
    if (this.#body !== NOWHERE) {
      out.put(MESSAGE)
      putString(out, this.#fields.bytes, this.#body, this.#bodyEnd)
      out.putByte(COMMA)
    }
    out.put(ATTRIBUTES_BEGIN)
    this.#putAttributes(out, written)
    out.putByte(OBJECT_END)
    this.#putSeverity(out)
    this.#putContext(out)
    if (hasTime && hasObserved && !this.#isObservedAtOnce()) {
      out.put(OBSERVED_MEMBER)
      putTime(out, this.#observedLow, this.#observedHigh)
    }
    if (pieces.scope !== undefined) {
      out.put(SCOPE_MEMBER)
      out.put(pieces.scope)
    }
    if (pieces.resource !== undefined) {
      out.put(RESOURCE_MEMBER)
      out.put(pieces.resource)
    }
    out.putByte(OBJECT_END)
    return hasTime || hasObserved
  }

  #isObservedAtOnce(): boolean {
    return this.#observedLow === this.#timeLow && this.#observedHigh === this.#timeHigh
  }

  /** A function of its own for each part, for one that is too long is compiled late. */
  #find(): void {
    const fields = this.#fields
    while (fields.at < fields.end) {
      const start = fields.at
      switch (fields.tag()) {
        case TIME:
          this.#timeLow = fields.fixed32()
          this.#timeHigh = fields.fixed32()
          break
        case OBSERVED_TIME:
          this.#observedLow = fields.fixed32()
          this.#observedHigh = fields.fixed32()
          break
        case SEVERITY_NUMBER:
          this.#severityNumber = fields.integer()
          if (this.#severityNumber > MAX_SEVERITY) throw NOT_PLAIN
          break
        case FLAGS:
          this.#flags = fields.fixed32()
          break
        case ATTRIBUTES:
          this.#findAttribute(start)
          break
        case BODY:
          this.#findBody()
          break
        default:
          fields.at = start
          this.#findBytes(fields.tag())
      }
    }
  }

  /** They stand one behind the other. */
  #findAttribute(start: number): void {
    const fields = this.#fields
    if (this.#attributes === NOWHERE) this.#attributes = start
    else if (this.#attributesEnd !== start) throw NOT_PLAIN
    fields.at = fields.endOfBytes()
    this.#attributesEnd = fields.at
  }

  /** A text and no more. A second body would be merged with the first one. */
  #findBody(): void {
    const fields = this.#fields
    const end = fields.endOfBytes()
    if (this.#body !== NOWHERE || fields.tag() !== STRING || fields.endOfBytes() !== end) throw NOT_PLAIN
    this.#body = fields.at
    this.#bodyEnd = end
    fields.at = end
  }

  #findBytes(tag: number): void {
    const fields = this.#fields
    const end = fields.endOfBytes()
    if (tag === SEVERITY_TEXT && this.#severityText === NOWHERE) {
      this.#severityText = fields.at
      this.#severityTextEnd = end
    } else if (tag === TRACE_ID && this.#traceId === NOWHERE) {
      this.#traceId = fields.at
      this.#traceIdEnd = end
    } else if (tag === SPAN_ID && this.#spanId === NOWHERE) {
      this.#spanId = fields.at
      this.#spanIdEnd = end
    } else throw NOT_PLAIN
    fields.at = end
  }

  #putAttributes(out: ByteWriter, { pieces: { attributes }, names: none }: Origin['written']): void {
    out.put(attributes)
    if (this.#attributes === NOWHERE) return
    const fields = this.#fields
    const start = out.at
    let names = none
    for (fields.at = this.#attributes; fields.at < this.#attributesEnd;) {
      fields.tag()
      names = putAttribute(out, fields, names)
    }
    if (attributes.length === 0) out.dropByte(start)
  }

  #putSeverity(out: ByteWriter): void {
    // INFO2 is no less info than INFO, but it is another number.
    if (this.#severityNumber !== 0 && (this.#severityNumber - 1) % 4 !== 0) {
      out.put(SEVERITY_NUMBER_MEMBER)
      out.putInteger(this.#severityNumber)
    }
    if (this.#severityText === NOWHERE || this.#severityText === this.#severityTextEnd) return
    out.put(SEVERITY_TEXT_MEMBER)
    putString(out, this.#fields.bytes, this.#severityText, this.#severityTextEnd)
  }

  #putContext(out: ByteWriter): void {
    this.#putId(out, TRACE_ID_MEMBER, this.#traceId, this.#traceIdEnd)
    this.#putId(out, SPAN_ID_MEMBER, this.#spanId, this.#spanIdEnd)
    if (this.#flags === 0) return
    out.put(FLAGS_MEMBER)
    out.putInteger(this.#flags)
  }

  /** One of zeros stands for none. */
  #putId(out: ByteWriter, member: Uint8Array, from: number, to: number): void {
    if (from === NOWHERE) return
    const { bytes } = this.#fields
    for (let i = from; i < to; i++) {
      if (bytes[i] === 0) continue
      out.put(member)
      out.putHex(bytes, from, to)
      return out.putByte(QUOTE)
    }
  }
}

const NOWHERE = -1
