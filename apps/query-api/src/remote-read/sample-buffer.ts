import { bitsOfSpecialValue, type DoubleBits } from '@runnel/wire/special-value'

const FIRST_CAPACITY = 16

const double = new Float64Array(1)
const halves = new Uint32Array(double.buffer)
const [LOW, HIGH] = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? [0, 1] : [1, 0]

/** Samples of one series in the order of their times, as their bits: 16 bytes each. A number of JavaScript may lose those of a NaN. */
export class SampleBuffer {
  #times = new Float64Array(FIRST_CAPACITY)
  #bits = new Uint32Array(2 * FIRST_CAPACITY)
  #count = 0

  get count(): number {
    return this.#count
  }

  timeAt(i: number): number {
    return this.#times[i]!
  }

  highAt(i: number): number {
    return this.#bits[2 * i]!
  }

  lowAt(i: number): number {
    return this.#bits[2 * i + 1]!
  }

  /**
   * Appends a sample. One of the same time as the last takes its place: a series has one value at a time.
   *
   * @param atMs no earlier than the last one
   * @param special what stands in the place of a number
   */
  add(atMs: number, value: number | null, special: string | null): void {
    const bits = value === null ? bitsOfSpecialValue(special ?? '') : bitsOf(value)
    if (bits === undefined) return
    if (this.#count === 0 || this.#times[this.#count - 1] !== atMs) this.#append(atMs)
    this.#bits[2 * this.#count - 2] = bits.high
    this.#bits[2 * this.#count - 1] = bits.low
  }

  #append(atMs: number): void {
    if (this.#count === this.#times.length) {
      const [times, bits] = [this.#times, this.#bits]
      this.#times = new Float64Array(2 * this.#count)
      this.#bits = new Uint32Array(4 * this.#count)
      this.#times.set(times)
      this.#bits.set(bits)
    }
    this.#times[this.#count++] = atMs
  }
}

function bitsOf(value: number): DoubleBits {
  double[0] = value
  return { high: halves[HIGH!]!, low: halves[LOW!]! }
}
