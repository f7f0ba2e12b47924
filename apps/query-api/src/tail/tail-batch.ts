import type { Frame } from './live-log.ts'

export interface QueueLimits {
  /** Lines that may wait for one client. */
  readonly lines: number
  /** Bytes that may wait for one client. One line always may. */
  readonly bytes: number
}

/** Whole frames that are sent together. */
interface Piece {
  readonly bytes: Buffer
  /** Index behind its last frame. */
  readonly end: number
}

/**
 * A piece ends with the frame that passes this. A client that does not read keeps a copy of two pieces; frames that wait
 * are shared by all clients.
 */
const PIECE_BYTES = 64 * 1024

/** Frames that go to every client with the same filter; their bytes are joined once for all of them. */
export class TailBatch {
  readonly frames: readonly Frame[]
  /** By the index of their first frame. */
  readonly #pieces = new Map<number, Piece>()
  /** Where pieces begin for a client that has dropped nothing. */
  readonly #starts = new Set([0])

  constructor(frames: readonly Frame[]) {
    this.frames = frames
  }

  /** @param from index of the first frame */
  piece(from: number): Piece {
    const known = this.#pieces.get(from)
    if (known) return known
    const piece = this.#join(from)
    if (this.#starts.has(from)) {
      this.#pieces.set(from, piece)
      this.#starts.add(piece.end)
    }
    return piece
  }

  #join(from: number): Piece {
    let end = from
    for (let bytes = 0; end < this.frames.length && bytes < PIECE_BYTES; end++)
      bytes += this.frames[end]!.bytes.length
    return { bytes: Buffer.concat(this.frames.slice(from, end).map(({ bytes }) => bytes)), end }
  }
}

/** @returns the newest frames that one client may have waiting; the first index of them */
export function firstThatFits(frames: readonly Frame[], limits: QueueLimits): number {
  let first = frames.length
  for (let bytes = 0; first > 0 && frames.length - first < limits.lines; first--) {
    bytes += frames[first - 1]!.bytes.length
    if (bytes > limits.bytes && first < frames.length) break
  }
  return first
}
