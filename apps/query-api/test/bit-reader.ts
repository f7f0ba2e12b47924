/** Bits of a chunk, the highest first. */
export class BitReader {
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

  takeSigned(bits: number): bigint {
    const value = this.take(bits)
    return value > 1n << BigInt(bits - 1) ? value - (1n << BigInt(bits)) : value
  }

  /** A double that is the XOR with the one before, whose width is remembered. */
  takeXor(last: { bits: bigint; leading: number; middle: number }): bigint {
    if (this.take(1) === 0n) return last.bits
    if (this.take(1) === 1n) {
      last.leading = Number(this.take(5))
      last.middle = Number(this.take(6)) || 64
    }
    last.bits ^= this.take(last.middle) << BigInt(64 - last.leading - last.middle)
    return last.bits
  }
}
