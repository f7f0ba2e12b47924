import { BACKOFF_MS, type EngineDeps } from './engine-deps.ts'
import { judgeMessage, type MessageVerdict } from './judge-message.ts'
import { recordOfVerdict } from './results/record-of-result.ts'
import type { ResultFlusher } from './results/result-flusher.ts'
import { createSender } from './sender.ts'
import { createTextWatch } from './text-watch.ts'
import type { LeasedWork } from './leases/leased-work.ts'
import type { QueuedMessage, Work } from './leases/work.ts'
import { SlotCounts } from './leases/slot-counts.ts'

/** Keeps as many sends of the queue under way as are allowed. */
export interface Pump {
  /** Messages taken from the queue so far. */
  readonly taken: number
  /** Sends without a result yet. */
  readonly underWay: number
  /** Starts the sends that are allowed now. Call when the queue or what is allowed has changed. */
  run(): void
  /** Starts nothing more. @returns resolves once nothing is under way */
  halt(): Promise<void>
}

/** Milliseconds for which rendering texts may block the event loop. */
const SLICE_MS = 20

/** @param onTaken called after messages were taken from the queue */
export function createPump(
  deps: EngineDeps,
  leased: LeasedWork,
  flusher: ResultFlusher,
  onTaken: () => void,
): Pump {
  const { breaker, options, monotonicMs, signal } = deps
  const { shares } = leased
  const slots = new SlotCounts()
  const watchText = createTextWatch(deps, leased)
  const sender = createSender(deps, flusher, (message, result) => {
    slots.leave(message)
    shares.report(message.work.mailingId, result.outcome === 'accepted')
    run()
  })
  let taken = 0

  const mayStart = () =>
    !signal.aborted &&
    sender.underWay < breaker.allowance(options.concurrency) &&
    sender.underWay + flusher.size < options.maxUnflushed

  const take = (message: QueuedMessage) => {
    const { work, recipient } = message
    const verdict = judgeNow(deps, leased, message)
    if (verdict.kind === 'stop') {
      leased.backOff(work.mailingId, monotonicMs() + BACKOFF_MS)
      // It is given back together with the messages behind it.
      leased.queue.push([message])
      return leased.stop(work)
    }
    work.startedThrough = Math.max(work.startedThrough, recipient.messageId)
    work.unrecorded += 1
    if (verdict.kind === 'send') {
      slots.enter(message, shares.isBackground(work))
      sender.send(message, verdict.content)
    } else flusher.add({ work, record: recordOfVerdict(message, verdict) })
    watchText(message.mailing, verdict)
  }

  const run = () => {
    const untilMs = monotonicMs() + SLICE_MS
    const before = taken
    const allowance = breaker.allowance(options.concurrency)
    const hasSlot = (work: Work) =>
      slots.of(work, shares.isBackground(work)) < shares.slotsOf(work, allowance)
    while (leased.queue.length > 0 && mayStart()) {
      if (monotonicMs() >= untilMs) {
        postpone()
        break
      }
      const message = leased.queue.shift(hasSlot)
      if (!message) break
      taken += 1
      take(message)
    }
    if (taken > before) onTaken()
  }

  const postpone = createPostponed(() => run())

  return {
    get taken() {
      return taken
    },
    get underWay() {
      return sender.underWay
    },
    run,
    halt: () => sender.idle(),
  }
}

/** What the message costs is charged to its mailing. */
function judgeNow(deps: EngineDeps, leased: LeasedWork, message: QueuedMessage): MessageVerdict {
  const { clock, options, templates, unsubscribeUrl, monotonicMs } = deps
  const { channelName, sendTimeoutMs, deduplicates } = options
  const { work } = message
  const fromMs = monotonicMs()
  const verdict = judgeMessage(message, {
    ...{ nowMs: clock.nowMs(), channelName, sendTimeoutMs, deduplicates, templates, unsubscribeUrl },
  })
  const nowMs = monotonicMs()
  leased.queue.charge(work, nowMs - fromMs)
  // The very last check: a process that was suspended for longer than its lease may resume at any line.
  return nowMs >= work.sendUntilMs ? { kind: 'stop' } : verdict
}

/** @returns a function that lets `run` follow once the event loop has had its turn, however often it is called before */
function createPostponed(run: () => void): () => void {
  let isPostponed = false
  return () => {
    if (isPostponed) return
    isPostponed = true
    setImmediate(() => {
      isPostponed = false
      run()
    })
  }
}
