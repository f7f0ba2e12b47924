import type { ByteQueue } from './byte-queue.ts'
import type { Frame, FrameCutter } from './frame.ts'

/** Frames that end with one byte. Empty ones are skipped. */
export class CutAtByte implements FrameCutter {
  readonly #end: number
  readonly #maxBytes: number
  /** The rest of a frame is thrown away. */
  #skips = false

  constructor(end: number, maxBytes: number) {
    this.#end = end
    this.#maxBytes = maxBytes
  }

  get isSkipping(): boolean {
    return this.#skips
  }

  next(queue: ByteQueue): Frame | undefined {
    for (;;) {
      const at = queue.find(this.#end)
      if (at < 0) return this.#cutOff(queue)
      const frame = queue.take(at)
      queue.consume(1)
      if (this.#skips) this.#skips = false
      else if (at > this.#maxBytes) return 'too_large'
      else if (at > 0) return frame
    }
  }

  last(rest: Buffer): Frame | undefined {
    return this.#skips || rest.length === 0 ? undefined : rest
  }

  #cutOff(queue: ByteQueue): Frame | undefined {
    const { length } = queue
    if (!this.#skips && length <= this.#maxBytes) return undefined
    queue.consume(length)
    if (this.#skips) return undefined
    this.#skips = true
    return 'too_large'
  }
}
