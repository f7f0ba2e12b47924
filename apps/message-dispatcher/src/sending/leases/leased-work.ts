import type { Rates } from '../rates/rates.ts'
import { createMessageQueue, type MessageQueue } from './message-queue.ts'
import type { Shares } from './shares.ts'
import type { Work } from './work.ts'

/** All work that this process has leased. The claims bound its size. */
export interface LeasedWork {
  /** By the chunks' ids; each stays until it is given back. */
  readonly chunks: Map<number, Work>
  readonly queue: MessageQueue
  readonly shares: Shares
  /** Messages that the queue is to hold. Mailings that others give way to have equal parts of it. */
  target: number
  /** Messages leased one by one that were not sent, by their tokens. */
  readonly unusedRetries: Map<string, number[]>
  /** Turns of mailings: the number of the last one, by mailing. */
  readonly turns: Map<number, number>
  /** Sends nothing more of it; messages that were begun and not sent are given back. */
  stop(work: Work): void
  stopAll(): void
  /** Whether the queue is to be filled: a mailing of which more can be begun has half of its part, or less. */
  isLow(): boolean
  /** @returns messages of a mailing, or all that gives way, that may be queued beside those that are */
  roomFor(mailingId: number): number
  /** Claims nothing of a mailing until then, because it would only have to be given back. The latest of several ends holds. */
  backOff(mailingId: number, untilMs: number): void
  /** Claims of a mailing again from then on, whatever was said before. */
  resume(mailingId: number, fromMs: number): void
  isBackedOff(mailingId: number, nowMs: number): boolean
  /** @returns the mailings that are backed off at a moment of the monotonic clock, and when the first of them no longer is */
  backedOff(nowMs: number): { mailingIds: number[]; untilMs: number }
}

/** @param onStopped called after work was stopped that may now be given back */
export function createLeasedWork(
  rates: Pick<Rates, 'giveBack'>,
  shares: Shares,
  onStopped: () => void,
): LeasedWork {
  const chunks = new Map<number, Work>()
  const unusedRetries = new Map<string, number[]>()
  const backOffs = new Map<number, number>()
  const queue = createMessageQueue()
  let target = 0
  const part = () => target / Math.max(1, shares.foreground.size)
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
    shares,
    get target() {
      return target
    },
    set target(messages) {
      target = messages
    },
    unusedRetries,
    turns: new Map(),
    stop,
    stopAll() {
      for (const work of chunks.values()) stop(work)
      for (const work of queue.works()) stop(work)
    },
    isLow() {
      if (shares.ready.size > 0)
        return [...shares.ready].some((mailingId) => queue.lengthOf(mailingId) <= part() / 2)
      const { foreground } = shares
      if (foreground.size === 0) return queue.length <= target / 2
      // What hangs fills no more than its part.
      const counted = [...foreground].map((mailingId) => Math.min(part(), queue.lengthOf(mailingId)))
      return counted.reduce((sum, count) => sum + count, 0) <= target / 2
    },
    roomFor: (mailingId) => Math.max(0, Math.ceil(part()) - queue.lengthOf(mailingId)),
    backOff: (mailingId, untilMs) =>
      void backOffs.set(mailingId, Math.max(untilMs, backOffs.get(mailingId) ?? untilMs)),
    resume: (mailingId, fromMs) => void backOffs.set(mailingId, fromMs),
    isBackedOff: (mailingId, nowMs) => (backOffs.get(mailingId) ?? 0) > nowMs,
    backedOff(nowMs) {
      for (const [mailingId, untilMs] of backOffs) if (untilMs <= nowMs) backOffs.delete(mailingId)
      return { mailingIds: [...backOffs.keys()], untilMs: Math.min(...backOffs.values()) }
    },
  }
}
