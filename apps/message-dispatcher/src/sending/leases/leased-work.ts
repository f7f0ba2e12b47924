import type { Rates } from '../rates/rates.ts'
import { createMessageQueue, type MessageQueue } from './message-queue.ts'
import type { Work } from './work.ts'

/** All that this process has leased. Its size is bounded by who fills it. */
export interface WorkInHand {
  /** By the chunks' ids; each stays until it is given back. */
  readonly chunks: Map<number, Work>
  readonly queue: MessageQueue
  /** A queue that is no longer than this is to be filled. */
  lowWater: number
  /** Messages leased one by one that were not sent, by their tokens. */
  readonly unusedRetries: Map<string, number[]>
  /** Turns of mailings: the number of the last one, by mailing. */
  readonly turns: Map<number, number>
  /** Nothing more of it is sent; what was begun and not sent goes back. */
  stop(work: Work): void
  stopAll(): void
  /** Leaves a mailing alone for a while, that no work of it is leased only to be given back. */
  rest(mailingId: number, untilMs: number): void
  isResting(mailingId: number, nowMs: number): boolean
  /** @returns mailings that are to be left alone at a moment of the monotonic clock, and the first moment when that changes */
  resting(nowMs: number): { mailingIds: number[]; untilMs: number }
}

/** @param onStopped told after something was stopped that may now be given back */
export function createWorkInHand(rates: Pick<Rates, 'giveBack'>, onStopped: () => void): WorkInHand {
  const chunks = new Map<number, Work>()
  const unusedRetries = new Map<string, number[]>()
  const rests = new Map<number, number>()
  const queue = createMessageQueue()
  const stop = (work: Work) => {
    if (work.stopped && work.queued === 0) return
    work.stopped = true
    const dropped = queue.drop(work).map(({ recipient }) => recipient.messageId)
    onStopped()
    if (dropped.length === 0) return
    rates.giveBack(work.mailingId, dropped.length)
    if (work.chunk) return
    unusedRetries.set(work.token, [...(unusedRetries.get(work.token) ?? []), ...dropped])
  }
  return {
    chunks,
    queue,
    lowWater: 0,
    unusedRetries,
    turns: new Map(),
    stop,
    stopAll() {
      for (const work of chunks.values()) stop(work)
      for (const work of queue.works()) stop(work)
    },
    rest: (mailingId, untilMs) => void rests.set(mailingId, untilMs),
    isResting: (mailingId, nowMs) => (rests.get(mailingId) ?? 0) > nowMs,
    resting(nowMs) {
      for (const [mailingId, untilMs] of rests) if (untilMs <= nowMs) rests.delete(mailingId)
      return { mailingIds: [...rests.keys()], untilMs: Math.min(...rests.values()) }
    },
  }
}
