const NONE = Buffer.alloc(0)
const MIN_BYTES = 1024
/** Room that is kept though little is in it. */
const SPARE_BYTES = 64 * 1024

/**
 * Bytes of a connection that have not been read yet, in one piece. However small the pieces are in which they come, each is
 * copied a few times at most, and searched once.
 */
export class ByteQueue {
  #buffer: Buffer = NONE
  #start = 0
  #end = 0
  /** False: the buffer is one that the socket gave, which is never written to. */
  #isOwn = false
  /** Bytes from the start that hold none of what was last looked for. */
  #searched = 0

  get length(): number {
    return this.#end - this.#start
  }

  /** What is there; good until the next call. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end)
  }

  append(bytes: Buffer): void {
    if (this.length === 0) {
      this.#buffer = bytes
      this.#start = 0
      this.#end = bytes.length
      this.#isOwn = false
      return
    }
    if (!this.#isOwn || this.#end + bytes.length > this.#buffer.length) this.#move(bytes.length)
    this.#end += bytes.copy(this.#buffer, this.#end)
  }

  consume(count: number): void {
    this.#start += count
    this.#searched = 0
    if (this.#start === this.#end) this.#release()
  }

  /** Takes bytes from the beginning: a part of the buffer, that may be kept. */
  take(count: number): Buffer {
    const taken = this.#buffer.subarray(this.#start, this.#start + count)
    // What was given away is not written to again.
    this.consume(count)
    return taken
  }

  /** @returns the place of the first byte of that value; -1: none has come yet. To be called with one value until it is found */
  find(value: number): number {
    const at = this.#buffer.subarray(this.#start + this.#searched, this.#end).indexOf(value)
    if (at >= 0) return this.#searched + at
    this.#searched = this.length
    return -1
  }

  /** To be called once all that is complete was taken: lets go of what the socket gave, of which little may be left. */
  settle(): void {
    if (this.length === 0) return this.#release()
    if (!this.#isOwn || this.#buffer.length > 4 * this.length + SPARE_BYTES) this.#move(0)
  }

  #release(): void {
    this.#buffer = NONE
    this.#start = this.#end = this.#searched = 0
    this.#isOwn = false
  }

  /** To a buffer of its own: parts of the old one may have been given away. */
  #move(moreBytes: number): void {
    const { length } = this
    const needed = length + moreBytes
    const target = Buffer.allocUnsafeSlow(Math.max(MIN_BYTES, moreBytes === 0 ? needed : 2 * needed))
    this.#buffer.copy(target, 0, this.#start, this.#end)
    this.#buffer = target
    this.#start = 0
    this.#end = length
    this.#isOwn = true
  }
}
