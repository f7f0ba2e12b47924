import type { DoubleBits } from '@runnel/wire/special-value'
import type { BitWriter } from './bit-writer.ts'

/** Five bits hold the number of leading zeros: further ones are written as part of the value. */
const MAX_LEADING = 31

/** One column of doubles in a chunk, after Gorilla: the first as it is, every other one as its XOR with the one before. */
export class XorWriter {
  readonly #out: BitWriter
  #last: DoubleBits | undefined
  /** Of the value whose zeros at both ends were counted last; -1 before the first of them. */
  #leading = -1
  #trailing = 0

  constructor(out: BitWriter) {
    this.#out = out
  }

  write(value: DoubleBits): void {
    const last = this.#last
    this.#last = value
    if (last === undefined) {
      this.#out.write(value.high, 32)
      return this.#out.write(value.low, 32)
    }
    this.#writeChange((value.high ^ last.high) >>> 0, (value.low ^ last.low) >>> 0)
  }

  #writeChange(high: number, low: number): void {
    if (high === 0 && low === 0) return this.#out.write(0, 1)
    const leading = Math.min(MAX_LEADING, high === 0 ? 32 + Math.clz32(low) : Math.clz32(high))
    const trailing = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low)
    if (this.#leading >= 0 && leading >= this.#leading && trailing >= this.#trailing) {
      this.#out.write(0b10, 2)
    } else {
      this.#leading = leading
      this.#trailing = trailing
      this.#out.write(0b11, 2)
      this.#out.write(leading, 5)
      // A length of 64 does not fit into six bits. One of 0 does not occur, so that 0 stands for 64.
      this.#out.write((64 - leading - trailing) & 0x3f, 6)
    }
    this.#writeMiddle(high, low)
  }

  /** The bits between the zeros at both ends. */
  #writeMiddle(high: number, low: number): void {
    const bits = 64 - this.#leading - this.#trailing
    const value = ((BigInt(high) << 32n) | BigInt(low)) >> BigInt(this.#trailing)
    if (bits > 32) this.#out.write(Number(value >> 32n), bits - 32)
    this.#out.write(Number(value & 0xffffffffn), Math.min(bits, 32))
  }
}

function trailingZeros(half: number): number {
  return 31 - Math.clz32(half & -half)
}
