import type { ClaimedChunk, Recipient, SendMailing } from '@runnel/repositories-mailings'

/** Messages that were leased together. */
export interface Work {
  readonly mailingId: number
  readonly token: string
  /** Undefined: messages that were leased one by one, from `retry`. */
  readonly chunk: ClaimedChunk | undefined
  /** No send begins later, in milliseconds of the monotonic clock. */
  sendUntilMs: number
  /** Nothing more of it is sent. */
  stopped: boolean
  /** Messages that are begun and wait for their turn. */
  queued: number
  /** Messages whose result is not recorded, sends under way included. */
  unrecorded: number
  /** Messages up to this one may have been sent, by this process or an earlier holder of the lease. */
  startedThrough: number
  /** Messages up to this one are begun. */
  begunThrough: number
  ratePerSecond: number | null
  /** By the monotonic clock. */
  renewAtMs: number
}

/** A begun message that waits to be sent. */
export interface QueuedMessage {
  readonly work: Work
  readonly mailing: SendMailing
  readonly recipient: Recipient
  /** An earlier holder of the lease began to send it and recorded no result. */
  readonly startedBefore: boolean
}

export function createChunkWork(
  chunk: ClaimedChunk,
  token: string,
  sendUntilMs: number,
  renewAtMs: number,
): Work {
  return {
    mailingId: chunk.mailingId,
    token,
    chunk,
    sendUntilMs,
    stopped: false,
    queued: 0,
    unrecorded: 0,
    startedThrough: chunk.startedThrough,
    // Messages that an earlier holder started come first: they may still be pending.
    begunThrough: chunk.firstMessageId - 1,
    ratePerSecond: chunk.ratePerSecond,
    renewAtMs,
  }
}

export function createRetryWork(mailing: SendMailing, token: string, sendUntilMs: number): Work {
  return {
    mailingId: mailing.id,
    token,
    chunk: undefined,
    sendUntilMs,
    stopped: false,
    queued: 0,
    unrecorded: 0,
    startedThrough: 0,
    begunThrough: 0,
    ratePerSecond: mailing.ratePerSecond,
    renewAtMs: Infinity,
  }
}

/** @returns messages of a chunk that are not begun; 0 once it is stopped */
export function countNotBegun({ chunk, begunThrough, stopped }: Work): number {
  return chunk === undefined || stopped ? 0 : chunk.lastMessageId - begunThrough
}

/** Whether a chunk can be given back: nothing of it is under way, and nothing more comes. */
export function isDone(work: Work): boolean {
  return work.queued === 0 && work.unrecorded === 0 && countNotBegun(work) === 0
}
