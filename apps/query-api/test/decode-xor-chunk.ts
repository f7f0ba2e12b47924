import { BitReader } from './bit-reader.ts'

export interface DecodedSample {
  readonly atMs: number
  /** Of the double. */
  readonly bits: bigint
}

/** A reader of XOR chunks of its own, after their description: slow, and with nothing of the writer in it. */
export function decodeXorChunk(bytes: Uint8Array): DecodedSample[] {
  const reader = new BitReader(bytes)
  const count = Number(reader.take(16))
  const samples: DecodedSample[] = []
  let [time, delta] = [0n, 0n]
  const value = { bits: 0n, leading: 0, middle: 0 }
  for (let i = 0; i < count; i++) {
    if (i === 0) {
      const zigzag = reader.takeVarint()
      time = (zigzag >> 1n) ^ -(zigzag & 1n)
      value.bits = reader.take(64)
    } else {
      delta = i === 1 ? reader.takeVarint() : delta + takeChange(reader)
      time += delta
      reader.takeXor(value)
    }
    samples.push({ atMs: Number(time), bits: value.bits })
  }
  return samples
}

function takeChange(reader: BitReader): bigint {
  let ones = 0
  while (ones < 4 && reader.take(1) === 1n) ones++
  if (ones === 0) return 0n
  if (ones === 4) return BigInt.asIntN(64, reader.take(64))
  return reader.takeSigned([14, 17, 20][ones - 1]!)
}
