import type { ListenerLimits } from '../settings.ts'

const MAGIC = 0x1e0f
const HEAD_BYTES = 12
const MAX_CHUNKS = 128
/** What a message costs that waits for its chunks, beside their bytes. */
const MESSAGE_COST = 2048

interface Assembly {
  readonly chunks: (Buffer | undefined)[]
  readonly startedMs: number
  missing: number
  bytes: number
}

/** @returns whether a datagram is a part of a message */
export function isChunk(datagram: Buffer): boolean {
  return datagram.length >= 2 && datagram.readUInt16BE() === MAGIC
}

/**
 * Puts messages together that came in several datagrams: `1e 0f`, eight bytes that name the message, the number of the chunk and how many
 * there are. What does not come to its end in time, or for which there is no room, is dropped; the oldest first.
 */
export class ChunkAssembly {
  readonly #limits: ListenerLimits
  readonly #drop: (reason: string, count: number) => void
  readonly #nowMs: () => number
  /** In the order in which they began. */
  readonly #messages = new Map<string, Assembly>()
  #bytes = 0

  /** @param nowMs monotonic milliseconds */
  constructor(
    limits: ListenerLimits,
    drop: (reason: string, count: number) => void,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#limits = limits
    this.#drop = drop
    this.#nowMs = nowMs
  }

  /** Bytes that wait for more. */
  get bytes(): number {
    return this.#bytes
  }

  /** @returns the whole message; undefined while chunks are missing */
  add(datagram: Buffer, address: string): Buffer | undefined {
    this.expire()
    const [number, count] = [datagram[HEAD_BYTES - 2] ?? 0, datagram[HEAD_BYTES - 1] ?? 0]
    if (datagram.length < HEAD_BYTES || count === 0 || count > MAX_CHUNKS || number >= count) {
      this.#drop('malformed', 1)
      return undefined
    }
    const name = `${address} ${datagram.toString('hex', 2, HEAD_BYTES - 2)}`
    const message = this.#messages.get(name) ?? this.#begin(name, count)
    // A chunk that comes twice, or is of another message with the same name.
    if (message.chunks.length !== count || message.chunks[number] !== undefined) return undefined
    const chunk = datagram.subarray(HEAD_BYTES)
    message.chunks[number] = chunk
    message.missing--
    this.#charge(message, chunk.length)
    if (message.missing === 0) {
      this.#remove(name, message)
      if (message.bytes - MESSAGE_COST <= this.#limits.frameBytes)
        return Buffer.concat(message.chunks as Buffer[])
      this.#drop('body_too_large', 1)
      return undefined
    }
    this.#makeRoom()
    return undefined
  }

  /** Gives up what has taken too long. */
  expire(): void {
    const lastMs = this.#nowMs() - this.#limits.gelfChunksMs
    for (const [name, message] of this.#messages) {
      if (message.startedMs > lastMs) break
      this.#giveUp(name, message, 'chunks_missing')
    }
  }

  /** Nothing more will come. */
  close(): void {
    for (const [name, message] of this.#messages) this.#giveUp(name, message, 'chunks_missing')
  }

  #begin(name: string, count: number): Assembly {
    const message: Assembly = {
      chunks: new Array<Buffer | undefined>(count).fill(undefined),
      startedMs: this.#nowMs(),
      missing: count,
      bytes: 0,
    }
    this.#messages.set(name, message)
    this.#charge(message, MESSAGE_COST)
    return message
  }

  #makeRoom(): void {
    for (const [name, message] of this.#messages) {
      if (this.#bytes <= this.#limits.gelfChunksBytes) break
      this.#giveUp(name, message, 'chunks_no_room')
    }
  }

  #giveUp(name: string, message: Assembly, reason: string): void {
    this.#remove(name, message)
    this.#drop(reason, 1)
  }

  #remove(name: string, message: Assembly): void {
    this.#messages.delete(name)
    this.#bytes -= message.bytes
  }

  #charge(message: Assembly, bytes: number): void {
    message.bytes += bytes
    this.#bytes += bytes
  }
}
