const FIRST_BYTES = 256

/** Bits, the highest first. */
export class BitWriter {
  #bytes = Buffer.alloc(FIRST_BYTES)
  #bits = 0

  /** @param count up to 32; of the value, higher bits are ignored */
  write(value: number, count: number): void {
    this.#reserve(count)
    for (let left = count; left > 0;) {
      const free = 8 - (this.#bits & 7)
      const taken = Math.min(free, left)
      left -= taken
      const part = (value >>> left) & ((1 << taken) - 1)
      this.#bytes[this.#bits >>> 3]! |= part << (free - taken)
      this.#bits += taken
    }
  }

  writeBytes(bytes: Uint8Array): void {
    for (const byte of bytes) this.write(byte, 8)
  }

  /** With zeros up to the next whole byte. */
  finish(): Buffer {
    return this.#bytes.subarray(0, (this.#bits + 7) >>> 3)
  }

  #reserve(count: number): void {
    if (this.#bits + count <= 8 * this.#bytes.length) return
    this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)])
  }
}
