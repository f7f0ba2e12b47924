import type { Frame } from './live-log.ts'

export interface QueueLimits {
  /** Lines that may wait for one client. */
  readonly lines: number
  /** Bytes that may wait for one client. One line always may. */
  readonly bytes: number
}

/** Frames that go to every client with the same filter; their bytes are joined once for all of them. */
export class TailBatch {
  readonly frames: readonly Frame[]
  #joined: Buffer | undefined

  constructor(frames: readonly Frame[]) {
    this.frames = frames
  }

  /** @param from index of the first frame */
  join(from: number): Buffer {
    if (from > 0) return concat(this.frames.slice(from))
    this.#joined ??= concat(this.frames)
    return this.#joined
  }
}

function concat(frames: readonly Frame[]): Buffer {
  return Buffer.concat(frames.map(({ bytes }) => bytes))
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
