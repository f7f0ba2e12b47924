import { MAX_OTHER_FIELDS } from '../shared/other-fields.ts'
import type { MessageReader } from './message-reader.ts'
import { readHistogram } from './read-histogram.ts'
import type { Label, WrittenExemplar, WrittenHistogram, WrittenSample } from './written-series.ts'

/** Far more than any series has; each of its samples has all of them beside it. */
export const MAX_LABELS = 1000

/** A series while it is read. */
export class SeriesParts {
  readonly labels: Label[] = []
  readonly samples: WrittenSample[] = []
  readonly histograms: WrittenHistogram[] = []
  readonly exemplars: WrittenExemplar[] = []
  problem: string | undefined
  #others = 0

  /** The rest is skipped: too much for a series, or for a body, which is then refused. */
  isFull(labels: number, maxItems: number): boolean {
    const { samples, histograms, exemplars } = this
    const isFull = labels > MAX_LABELS || samples.length + histograms.length + exemplars.length > maxItems
    if (isFull) this.problem = 'A series has too many labels or samples'
    return isFull
  }

  /** @param end of the message whose field it is: the rest of it is skipped where there were too many */
  skipOther(reader: MessageReader, end: number): void {
    if (++this.#others <= MAX_OTHER_FIELDS) return reader.skip()
    this.problem = 'A series has too many unknown fields'
    reader.moveTo(end)
  }

  addSample(reader: MessageReader, end: number): void {
    this.samples.push(reader.readSample(end, (inner) => this.skipOther(reader, inner)))
  }

  addHistogram(reader: MessageReader, end: number): void {
    this.read(reader, end, (bytes) => this.histograms.push(readHistogram(bytes)))
  }

  /** A message inside of the series: one that cannot be read costs the series. */
  read(reader: MessageReader, end: number, read: (bytes: Buffer) => void): void {
    const inner = reader.readEnd(end)
    try {
      read(reader.bytes.subarray(reader.at, inner))
    } catch {
      this.problem = 'A histogram, an exemplar or the metadata of a series cannot be read'
    }
    reader.moveTo(inner)
  }
}
