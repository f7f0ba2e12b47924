import type { ClaimedChunk, Recipient, SendMailing } from '@runnel/repositories'

/** Messages that were leased together. */
export interface Work {
  readonly mailingId: number
  readonly token: string
  /** Undefined: messages that were leased one by one, from `retry`. */
  readonly chunk: ClaimedChunk | undefined
  /** By the monotonic clock, in milliseconds: no send begins later. */
  sendUntilMs: number
  /** Nothing more of it is sent. */
  stopped: boolean
  /** Messages that are begun and wait for their turn. */
  queued: number
  /** Messages whose result is not recorded, sends under way included. */
  unrecorded: number
  /** Messages up to this one may have been sent, by us or before us. */
  startedThrough: number
  /** Messages up to this one are begun. */
  begunThrough: number
  ratePerSecond: number | null
  /** By the monotonic clock. */
  renewAtMs: number
}

/** A message whose turn comes. */
export interface QueuedMessage {
  readonly work: Work
  readonly mailing: SendMailing
  readonly recipient: Recipient
  /** Somebody began to send it who gave no result. */
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
    // What was started before comes first: it may still be pending.
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

/** Messages of a chunk that are not begun. */
export function unbegun({ chunk, begunThrough, stopped }: Work): number {
  return chunk === undefined || stopped ? 0 : chunk.lastMessageId - begunThrough
}

/** Whether a chunk can be given back: nothing of it is under way, and nothing more comes. */
export function isDone(work: Work): boolean {
  return work.queued === 0 && work.unrecorded === 0 && unbegun(work) === 0
}
