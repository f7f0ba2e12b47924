import { bitsOfSpecialValue } from '@runnel/wire/special-value'
import { bitsOfDouble } from './bits-of-double.ts'

const FIRST_CAPACITY = 16
const FIRST_BYTES = 1024

/** What a sample takes in memory; a native histogram takes its message besides. */
export const SAMPLE_BYTES = 16

/**
 * Samples of one series in the order of their times, as their bits: 16 bytes each. A number of JavaScript may lose those of a NaN.
 * Of a native histogram, which is its message, place and length stand there.
 */
export class SampleBuffer {
  #times = new Float64Array(FIRST_CAPACITY)
  #bits = new Uint32Array(2 * FIRST_CAPACITY)
  #count = 0
  /** Samples that are native histograms: few series have any. */
  readonly #histograms = new Set<number>()
  #messages = Buffer.alloc(0)
  #messageBytes = 0

  get count(): number {
    return this.#count
  }

  timeAt(i: number): number {
    return this.#times[i]!
  }

  /** Of a number. */
  highAt(i: number): number {
    return this.#bits[2 * i]!
  }

  /** Of a number. */
  lowAt(i: number): number {
    return this.#bits[2 * i + 1]!
  }

  isHistogram(i: number): boolean {
    return this.#histograms.has(i)
  }

  /** The message of a native histogram. */
  histogramAt(i: number): Buffer {
    const at = this.highAt(i)
    return this.#messages.subarray(at, at + this.lowAt(i))
  }

  /**
   * Appends a sample. One of the same time as the last takes its place: a series has one value at a time.
   *
   * @param atMs no earlier than the last one
   * @param special what stands in the place of a number
   */
  add(atMs: number, value: number | null, special: string | null): void {
    const bits = value === null ? bitsOfSpecialValue(special ?? '') : bitsOfDouble(value)
    if (bits === undefined) return
    this.#append(atMs, bits.high, bits.low)
    if (this.#histograms.size > 0) this.#histograms.delete(this.#count - 1)
  }

  /** Appends a native histogram, likewise. */
  addHistogram(atMs: number, message: Uint8Array): void {
    this.#append(atMs, this.#messageBytes, message.length)
    this.#histograms.add(this.#count - 1)
    if (this.#messageBytes + message.length > this.#messages.length) {
      const capacity = Math.max(FIRST_BYTES, 2 * this.#messages.length, this.#messageBytes + message.length)
      this.#messages = Buffer.concat([this.#messages.subarray(0, this.#messageBytes)], capacity)
    }
    this.#messages.set(message, this.#messageBytes)
    this.#messageBytes += message.length
  }

  #append(atMs: number, high: number, low: number): void {
    if (this.#count === 0 || this.#times[this.#count - 1] !== atMs) {
      if (this.#count === this.#times.length) this.#grow()
      this.#times[this.#count++] = atMs
    }
    this.#bits[2 * this.#count - 2] = high
    this.#bits[2 * this.#count - 1] = low
  }

  #grow(): void {
    const [times, bits] = [this.#times, this.#bits]
    this.#times = new Float64Array(2 * this.#count)
    this.#bits = new Uint32Array(4 * this.#count)
    this.#times.set(times)
    this.#bits.set(bits)
  }
}
