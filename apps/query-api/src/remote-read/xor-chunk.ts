import { BinaryWriter } from '@bufbuild/protobuf/wire'
import { BitWriter } from './bit-writer.ts'
import type { SampleBuffer } from './sample-buffer.ts'
import { XorWriter } from './xor-writer.ts'

/** Samples of a chunk at most, as Prometheus itself cuts them. */
export const CHUNK_SAMPLES = 120

/** Ranges of the change of a time difference, smallest first: the bits that it is written in, and the prefix that says so. */
const RANGES = [
  { bits: 14, prefix: 0b10, prefixBits: 2 },
  { bits: 17, prefix: 0b110, prefixBits: 3 },
  { bits: 20, prefix: 0b1110, prefixBits: 4 },
] as const

/** The prefix of a change that is written in 64 bits. */
const WHOLE = 0b1111

/**
 * A chunk in the XOR encoding of Prometheus (after Gorilla): the number of samples, then each time as the change of its difference to
 * the one before, and each value as its XOR with the one before.
 *
 * @param count from 1 to 65535, all of them numbers
 */
export function encodeXorChunk(samples: SampleBuffer, from: number, count: number): Buffer {
  const out = new BitWriter()
  out.write(count, 16)
  const values = new XorWriter(out)
  let delta = 0
  for (let i = from; i < from + count; i++) {
    const time = samples.timeAt(i)
    if (i === from) {
      out.writeBytes(new BinaryWriter().sint64(BigInt(time)).finish())
    } else {
      const next = time - samples.timeAt(i - 1)
      if (i === from + 1) out.writeBytes(new BinaryWriter().uint64(BigInt(next)).finish())
      else writeChange(out, next - delta)
      delta = next
    }
    values.write({ high: samples.highAt(i), low: samples.lowAt(i) })
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
