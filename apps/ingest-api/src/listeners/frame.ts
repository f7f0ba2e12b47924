import type { ByteQueue } from './byte-queue.ts'

/** A frame, or why it is missing: it was thrown away while it came, or the connection ended in the middle of it. */
export type Frame = Buffer | 'too_large' | 'incomplete'

/** Cuts what a connection sends into frames. */
export interface FrameCutter {
  /** @returns undefined where more has to come first */
  next(queue: ByteQueue): Frame | undefined
  /** The rest of a frame that is thrown away has not come yet. */
  readonly isSkipping: boolean
  /** What is left when nothing more comes. @returns undefined where that is nothing */
  last(rest: Buffer): Frame | undefined
}
