import type { Rates } from '../rates/rates.ts'
import { createMessageQueue, type MessageQueue } from './message-queue.ts'
import type { Work } from './work.ts'

/** All work that this process has leased. The claims bound its size. */
export interface LeasedWork {
  /** By the chunks' ids; each stays until it is given back. */
  readonly chunks: Map<number, Work>
  readonly queue: MessageQueue
  /** The feeder fills the queue when it is no longer than this. */
  lowWater: number
  /** Messages leased one by one that were not sent, by their tokens. */
  readonly unusedRetries: Map<string, number[]>
  /** Turns of mailings: the number of the last one, by mailing. */
  readonly turns: Map<number, number>
  /** Sends nothing more of it; messages that were begun and not sent are given back. */
  stop(work: Work): void
  stopAll(): void
  /** Claims nothing of a mailing until then, because it would only have to be given back. */
  backOff(mailingId: number, untilMs: number): void
  isBackedOff(mailingId: number, nowMs: number): boolean
  /** @returns the mailings that are backed off at a moment of the monotonic clock, and when the first of them no longer is */
  backedOff(nowMs: number): { mailingIds: number[]; untilMs: number }
}

/** @param onStopped called after work was stopped that may now be given back */
export function createLeasedWork(rates: Pick<Rates, 'giveBack'>, onStopped: () => void): LeasedWork {
  const chunks = new Map<number, Work>()
  const unusedRetries = new Map<string, number[]>()
  const backOffs = new Map<number, number>()
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
    backOff: (mailingId, untilMs) => void backOffs.set(mailingId, untilMs),
    isBackedOff: (mailingId, nowMs) => (backOffs.get(mailingId) ?? 0) > nowMs,
    backedOff(nowMs) {
      for (const [mailingId, untilMs] of backOffs) if (untilMs <= nowMs) backOffs.delete(mailingId)
      return { mailingIds: [...backOffs.keys()], untilMs: Math.min(...backOffs.values()) }
    },
  }
}
