export interface DecodedSample {
  readonly atMs: number
  /** Of the double. */
  readonly bits: bigint
}

/** Bits of a chunk, the highest first. */
class BitReader {
  readonly #text: string
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#text = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  }

  take(count: number): bigint {
    if (this.#at + count > this.#text.length) throw new Error('the chunk ends early')
    const bits = this.#text.slice(this.#at, (this.#at += count))
    return count === 0 ? 0n : BigInt(`0b${bits}`)
  }

  takeVarint(): bigint {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.take(8)
      value |= (byte & 0x7fn) << shift
      if (byte < 0x80n) return value
    }
  }
}

/** A reader of XOR chunks of its own, after their description: slow, and with nothing of the writer in it. */
export function decodeXorChunk(bytes: Uint8Array): DecodedSample[] {
  const reader = new BitReader(bytes)
  const count = Number(reader.take(16))
  const samples: DecodedSample[] = []
  let [time, delta, bits, leading, middle] = [0n, 0n, 0n, 0, 0]
  for (let i = 0; i < count; i++) {
    if (i === 0) {
      const zigzag = reader.takeVarint()
      time = (zigzag >> 1n) ^ -(zigzag & 1n)
      bits = reader.take(64)
    } else {
      delta = i === 1 ? reader.takeVarint() : delta + takeChange(reader)
      time += delta
      if (reader.take(1) === 1n) {
        if (reader.take(1) === 1n) {
          leading = Number(reader.take(5))
          middle = Number(reader.take(6)) || 64
        }
        bits ^= reader.take(middle) << BigInt(64 - leading - middle)
      }
    }
    samples.push({ atMs: Number(time), bits })
  }
  return samples
}

function takeChange(reader: BitReader): bigint {
  let ones = 0
  while (ones < 4 && reader.take(1) === 1n) ones++
  if (ones === 0) return 0n
  if (ones === 4) return BigInt.asIntN(64, reader.take(64))
  const size = [14, 17, 20][ones - 1]!
  const value = reader.take(size)
  return value > 1n << BigInt(size - 1) ? value - (1n << BigInt(size)) : value
}
