import { BinaryWriter } from '@bufbuild/protobuf/wire'
import { BitWriter } from './bit-writer.ts'
import type { SampleBuffer } from './sample-buffer.ts'

/** Samples of a chunk, as Prometheus itself cuts them. */
export const CHUNK_SAMPLES = 120

/** Ranges of the change of a time difference, smallest first: the bits that it is written in, and the prefix that says so. */
const RANGES = [
  { bits: 14, prefix: 0b10, prefixBits: 2 },
  { bits: 17, prefix: 0b110, prefixBits: 3 },
  { bits: 20, prefix: 0b1110, prefixBits: 4 },
] as const

/** The prefix of a change that is written in 64 bits. */
const WHOLE = 0b1111

/** Five bits hold the number of leading zeros: further ones are written as part of the value. */
const MAX_LEADING = 31

/**
 * A chunk in the XOR encoding of Prometheus (after Gorilla): the number of samples, then each time as the change of its difference to
 * the one before, and each value as its XOR with the one before.
 *
 * @param count from 1 to 65535
 */
export function encodeXorChunk(samples: SampleBuffer, from: number, count: number): Buffer {
  const out = new BitWriter()
  out.write(count, 16)
  const values = new ValueWriter(out, samples)
  let delta = 0
  for (let i = from; i < from + count; i++) {
    const time = samples.timeAt(i)
    if (i === from) {
      out.writeBytes(new BinaryWriter().sint64(BigInt(time)).finish())
      out.write(samples.highAt(i), 32)
      out.write(samples.lowAt(i), 32)
      continue
    }
    const next = time - samples.timeAt(i - 1)
    if (i === from + 1) out.writeBytes(new BinaryWriter().uint64(BigInt(next)).finish())
    else writeChange(out, next - delta)
    delta = next
    values.write(i)
  }
  return out.finish()
}

function writeChange(out: BitWriter, change: number): void {
  if (change === 0) return out.write(0, 1)
  for (const { bits, prefix, prefixBits } of RANGES) {
    const half = 2 ** (bits - 1)
    if (change < 1 - half || change > half) continue
    out.write(prefix, prefixBits)
    return out.write(change & (2 ** bits - 1), bits)
  }
  out.write(WHOLE, 4)
  const whole = BigInt.asUintN(64, BigInt(change))
  out.write(Number(whole >> 32n), 32)
  out.write(Number(whole & 0xffffffffn), 32)
}

class ValueWriter {
  readonly #out: BitWriter
  readonly #samples: SampleBuffer
  /** Of the value whose zeros at both ends were counted last; -1 before the first of them. */
  #leading = -1
  #trailing = 0

  constructor(out: BitWriter, samples: SampleBuffer) {
    this.#out = out
    this.#samples = samples
  }

  /** @param i of a sample that has one before it */
  write(i: number): void {
    const samples = this.#samples
    const high = (samples.highAt(i) ^ samples.highAt(i - 1)) >>> 0
    const low = (samples.lowAt(i) ^ samples.lowAt(i - 1)) >>> 0
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
