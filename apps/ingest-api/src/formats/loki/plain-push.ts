import { TEXT_STOPS } from '@runnel/json'
import { putTimeOfDigits } from '../shared/time-of-nanos.ts'
import type { ByteWriter } from '../shared/byte-writer.ts'
import { LineBytes } from './line-bytes.ts'
import { MAX_LABELS_SIZE } from './pushed-entry.ts'
import { KnownLabels, type StreamLabels } from './stream-labels.ts'

const QUOTE = 0x22
const ZERO = 0x30
const NINE = 0x39
const ARRAY_START = 0x5b
const OBJECT_START = 0x7b
const OBJECT_END = 0x7d
const COMMA = 0x2c
const COLON = 0x3a

const PUSH_BEGIN = Buffer.from('{"streams":[')
const STREAM_BEGIN = Buffer.from('{"stream":')
const VALUES_BEGIN = Buffer.from(',"values":[')
const LIST_END = Buffer.from(']}')
const NEXT = Buffer.from(',')
const TIME_BEGIN = Buffer.from('["')
const LINE_BEGIN = Buffer.from('",')
const ENTRY_END = Buffer.from(']')

/** Nanoseconds of the years 2001 to 2286. */
const TIME_DIGITS = 19

/**
 * Walks over a push in JSON as most clients write it: `{"streams":[{"stream":{...},"values":[["time","line"],...]},...]}` without blanks, and
 * with labels without escapes. Each step is false where the bytes are not like that; then the push has to be read in another way.
 */
export class PlainPush {
  readonly line = new LineBytes()
  readonly #bytes: Buffer
  readonly #knownLabels = new KnownLabels()
  /** Nothing is read behind the bytes: to do so once makes all later reading take twice as long. */
  readonly #lastQuote: number
  #at = 0
  /** Where the entry begins that was to be read. */
  #entry = 0
  #labels: StreamLabels | undefined
  #time = 0

  /** @param bytes UTF-8 */
  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#lastQuote = bytes.lastIndexOf(QUOTE)
  }

  /** Bytes that it has walked over. */
  get at(): number {
    return this.#at
  }

  /** Of the stream that it is in. */
  get labels(): StreamLabels {
    return this.#labels!
  }

  /** Writes the time of the entry that {@link readEntry} has read. */
  putTime(out: ByteWriter): void {
    putTimeOfDigits(out, this.#bytes, this.#time, this.#time + TIME_DIGITS)
  }

  begin(): boolean {
    return this.#take(PUSH_BEGIN)
  }

  /** Comes to the entries of a stream. */
  nextStream(isFirst: boolean): boolean {
    if (!(isFirst || this.#take(NEXT)) || !this.#take(STREAM_BEGIN)) return false
    const known = this.#knownLabels.find(this.#bytes, this.#at)
    if (known !== undefined) {
      this.#labels = known.labels
      this.#at += known.bytes.length
      return this.#take(VALUES_BEGIN)
    }
    const end = this.#endOfLabels(this.#at)
    if (end < 0 || end - this.#at > MAX_LABELS_SIZE) return false
    this.#labels = this.#knownLabels.read(this.#bytes.toString('utf8', this.#at, end))
    this.#at = end
    return this.#labels !== undefined && this.#take(VALUES_BEGIN)
  }

  /** @returns whether the list of entries, or that of streams, ends here; then it has been left */
  ends(): boolean {
    return this.#take(LIST_END)
  }

  /** Whether nothing stands behind the push. */
  get isOver(): boolean {
    return this.#at === this.#bytes.length
  }

  /** Comes to an entry, which {@link readEntry} reads. */
  nextEntry(isFirst: boolean): boolean {
    return isFirst || this.#take(NEXT)
  }

  /** Reads an entry of a time and a line. @returns false of another one; {@link skipEntry} walks over both */
  readEntry(): boolean {
    this.#entry = this.#at
    return this.#readEntry()
  }

  #readEntry(): boolean {
    if (!this.#take(TIME_BEGIN) || !this.#readTime() || !this.#take(LINE_BEGIN)) return false
    if (this.#bytes[this.#at] !== QUOTE || !this.line.read(this.#bytes, this.#at, this.#lastQuote))
      return false
    this.#at = this.line.to
    return this.#take(ENTRY_END)
  }

  #readTime(): boolean {
    const end = this.#at + TIME_DIGITS
    if (end > this.#lastQuote || this.#bytes[this.#at] === ZERO) return false
    for (let i = this.#at; i < end; i++) if (this.#bytes[i]! < ZERO || this.#bytes[i]! > NINE) return false
    this.#time = this.#at
    this.#at = end
    return true
  }

  /** Writes the line of the entry as it stands. */
  putLine(out: ByteWriter): void {
    out.putRange(this.#bytes, this.line.from, this.line.to)
  }

  /** Walks over the entry that was to be read, of whatever sort. @returns its text; undefined where it does not end */
  skipEntry(): string | undefined {
    const end = this.#bytes[this.#entry] === ARRAY_START ? endOfNested(this.#bytes, this.#entry) : -1
    if (end < 0) return undefined
    const text = this.#bytes.toString('utf8', this.#entry, end)
    this.#at = end
    return text
  }

  #take(expected: Uint8Array): boolean {
    if (this.#at + expected.length > this.#bytes.length) return false
    for (let i = 0; i < expected.length; i++) if (this.#bytes[this.#at + i] !== expected[i]) return false
    this.#at += expected.length
    return true
  }

  /** @returns the index behind an object of texts without escapes; -1 for anything else */
  #endOfLabels(start: number): number {
    const bytes = this.#bytes
    if (bytes[start] !== OBJECT_START) return -1
    if (bytes[start + 1] === OBJECT_END) return start + 2
    for (let at = start + 1; ; at++) {
      const name = this.#endOfText(at)
      if (name < 0 || bytes[name] !== COLON) return -1
      at = this.#endOfText(name + 1)
      if (at < 0) return -1
      if (bytes[at] === OBJECT_END) return at + 1
      if (bytes[at] !== COMMA) return -1
    }
  }

  #endOfText(start: number): number {
    const bytes = this.#bytes
    if (start >= this.#lastQuote || bytes[start] !== QUOTE) return -1
    let at = start + 1
    while (TEXT_STOPS[bytes[at]!] === 0) at++
    return bytes[at] === QUOTE && at + 1 < bytes.length ? at + 1 : -1
  }
}

/** @returns the index behind an array or an object; -1 where it does not end */
function endOfNested(bytes: Uint8Array, start: number): number {
  let depth = 0
  for (let at = start, inText = false; at < bytes.length; at++) {
    const byte = bytes[at]
    if (inText) {
      if (byte === 0x5c) at++
      else inText = byte !== QUOTE
    } else if (byte === QUOTE) inText = true
    else if (byte === ARRAY_START || byte === OBJECT_START) depth++
    else if ((byte === 0x5d || byte === OBJECT_END) && --depth === 0) return at + 1
  }
  return -1
}
