import { toPiece, type ByteWriter } from '../shared/byte-writer.ts'
import { specialMember, valueText } from './series-events.ts'
import type { SeriesHead } from './series-head.ts'
import type { SeriesTime } from './series-times.ts'
import type { WrittenSample } from './written-series.ts'

const BEGIN = toPiece('{"data":{"name":')
const VALUE = toPiece(',"value":')
const END = toPiece('"}}')

/** Bytes of UTF-8 that a character of a text may take. */
const MAX_CHARACTER_BYTES = 3
/** Value and time, with their names. */
const OWN_BYTES = 256

/** Writes samples as `sampleEvent` does, in bytes: what those of a series share is copied from the one before. */
export class SampleWriter {
  readonly #out: ByteWriter
  /** Of the sample before. */
  #head: SeriesHead | undefined
  /** Where the name of the series, and what stands behind the value, were written. */
  #name = 0
  #nameEnd = 0
  #behind = 0
  #behindEnd = 0

  constructor(out: ByteWriter) {
    this.#out = out
  }

  /** @returns where it begins */
  write(head: SeriesHead, sample: WrittenSample, time: SeriesTime): number {
    const out = this.#out
    const isNew = head !== this.#head
    this.#head = head
    const start = out.at
    out.reserve((head.name.length + head.behind.length) * MAX_CHARACTER_BYTES + OWN_BYTES)
    if (isNew) {
      this.#name = start
      out.put(BEGIN)
      out.putText(head.name)
      this.#nameEnd = out.at
    } else out.putAgain(this.#name, this.#nameEnd)
    this.#putValue(sample)
    if (isNew) {
      this.#behind = out.at
      out.putText(head.behind)
      this.#behindEnd = out.at
    } else out.putAgain(this.#behind, this.#behindEnd)
    out.put(time.bytes)
    out.put(END)
    return start
  }

  #putValue({ value, special }: WrittenSample): void {
    const out = this.#out
    if (special !== undefined) return out.putText(specialMember(special))
    out.put(VALUE)
    if (value === (value | 0) && value > 0) out.putInteger(value)
    else out.putText(valueText(value))
  }
}
