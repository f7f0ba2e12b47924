/** How often each sequence number was seen: one byte each, counted up to 255. */
export class SeqCounts {
  #counts = new Uint8Array(1024)
  #length = 0

  /** One more than the highest number that was seen. */
  get length(): number {
    return this.#length
  }

  get(seq: number): number {
    return this.#counts[seq] ?? 0
  }

  /** @throws RangeError for a number that no run can have reached */
  add(seq: number): void {
    if (seq >= MAX_SEQ) throw new RangeError(`sequence number ${seq} is beyond ${MAX_SEQ}`)
    if (seq >= this.#counts.length) this.#grow(seq + 1)
    if (this.#counts[seq] !== 255) this.#counts[seq]!++
    this.#length = Math.max(this.#length, seq + 1)
  }

  #grow(atLeast: number): void {
    const larger = new Uint8Array(Math.max(atLeast, this.#counts.length * 2))
    larger.set(this.#counts)
    this.#counts = larger
  }
}

/** 268 million events of one kind in one run: as many bytes. */
export const MAX_SEQ = 2 ** 28
