/** Smaller ones are made as fast as they are found. */
const MIN_BYTES = 32 * 1024
/** Sizes are multiples of it, so that one fits the next. */
const STEP_BYTES = 64 * 1024

export interface BufferPoolLimits {
  /** Of buffers that wait to be used again. */
  readonly maxBuffers: number
  /** Of each: larger ones are left to the collector. */
  readonly maxBytes: number
  /** For how long one waits that nothing takes. */
  readonly idleMs: number
}

/**
 * Buffers that are used again: the bytes of Buffers are not on the heap of V8, which counts them nevertheless, and looks through all of its
 * objects once there are 64 MB of new ones. Batches of a few hundred KB make that several times a second.
 */
export class BufferPool {
  readonly #limits: BufferPoolLimits
  readonly #spare: ArrayBuffer[] = []
  readonly #lent = new WeakSet<ArrayBufferLike>()
  /** The fewest that waited since the last look: no more were needed. */
  #unused = 0
  #look: NodeJS.Timeout | undefined

  constructor(limits: BufferPoolLimits) {
    this.#limits = limits
  }

  /** Buffers that wait to be taken. */
  get spareCount(): number {
    return this.#spare.length
  }

  /** @returns a buffer of that size, with anything in it */
  take(bytes: number): Buffer {
    if (bytes < MIN_BYTES) return Buffer.allocUnsafe(bytes)
    const memory = this.#find(bytes) ?? create(bytes)
    this.#lent.add(memory)
    return Buffer.from(memory, 0, bytes)
  }

  /** @param buffer of {@link take}, which is no longer used by anything; any other one is left alone */
  release({ buffer: memory }: Uint8Array): void {
    const { maxBuffers, maxBytes } = this.#limits
    if (!this.#lent.delete(memory) || memory.byteLength > maxBytes) return
    // The oldest makes room: what is too small for the batches of now does not stay.
    if (this.#spare.length === maxBuffers) this.#spare.shift()
    this.#spare.push(memory as ArrayBuffer)
    this.#look ??= setTimeout(() => this.#dropUnused(), this.#limits.idleMs).unref()
  }

  /** It keeps no process alive, and goes on for as long as there is something to drop. */
  #dropUnused(): void {
    this.#spare.splice(0, this.#unused)
    this.#unused = this.#spare.length
    this.#look = undefined
    if (this.#unused > 0) this.#look = setTimeout(() => this.#dropUnused(), this.#limits.idleMs).unref()
  }

  #find(bytes: number): ArrayBuffer | undefined {
    const found = this.#spare.findIndex(({ byteLength }) => byteLength >= bytes)
    if (found < 0) return undefined
    const [memory] = this.#spare.splice(found, 1)
    this.#unused = Math.min(this.#unused, this.#spare.length)
    return memory
  }
}

function create(bytes: number): ArrayBuffer {
  return Buffer.allocUnsafeSlow(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES).buffer
}
