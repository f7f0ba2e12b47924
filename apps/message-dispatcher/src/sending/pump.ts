import { REST_MS, type EngineDeps } from './engine-deps.ts'
import { judge } from './judge-message.ts'
import { recordOfVerdict } from './results/record-of-result.ts'
import type { ResultFlusher } from './results/result-flusher.ts'
import { createSender } from './sender.ts'
import type { WorkInHand } from './leases/leased-work.ts'
import type { QueuedMessage } from './leases/work.ts'

/** Keeps as many sends under way as are allowed, out of the queue. */
export interface Pump {
  /** Messages whose turn has come so far. */
  readonly taken: number
  /** Starts what may be started now. Call when something has changed. */
  run(): void
  /** Starts nothing more. @returns resolves once nothing is under way */
  halt(): Promise<void>
}

/** Milliseconds that rendering texts may keep everything else waiting. */
const SLICE_MS = 20

/** @param onTaken told after messages were taken from the queue */
export function createPump(
  deps: EngineDeps,
  hand: WorkInHand,
  flusher: ResultFlusher,
  onTaken: () => void,
): Pump {
  const { clock, breaker, options, templates, monotonicMs, signal } = deps
  const sender = createSender(deps, flusher, () => run())
  let taken = 0
  let isPostponed = false

  const mayStart = () =>
    !signal.aborted &&
    sender.underWay < breaker.allowance(options.concurrency) &&
    sender.underWay + flusher.size < options.maxUnflushed

  const take = (message: QueuedMessage) => {
    const { work, recipient } = message
    const { sendTimeoutMs, deduplicates } = options
    const verdict = judge(message, { nowMs: clock.nowMs(), sendTimeoutMs, deduplicates, templates })
    // The very last look: a process that was stopped for longer than its lease wakes up in any place.
    const isLate = monotonicMs() >= work.sendUntilMs
    if (isLate || verdict.kind === 'stop') {
      hand.rest(work.mailingId, monotonicMs() + REST_MS)
      // It goes back together with all that waits behind it.
      hand.queue.push([message])
      return hand.stop(work)
    }
    work.startedThrough = Math.max(work.startedThrough, recipient.messageId)
    work.unrecorded += 1
    if (verdict.kind === 'send') sender.send(message, verdict)
    else flusher.add({ work, record: recordOfVerdict(message, verdict) })
  }

  const run = () => {
    const untilMs = monotonicMs() + SLICE_MS
    const before = taken
    while (hand.queue.length > 0 && mayStart()) {
      if (monotonicMs() >= untilMs) {
        postpone()
        break
      }
      taken += 1
      take(hand.queue.shift()!)
    }
    if (taken > before) onTaken()
  }

  const postpone = () => {
    if (isPostponed) return
    isPostponed = true
    setImmediate(() => {
      isPostponed = false
      run()
    })
  }

  return {
    get taken() {
      return taken
    },
    run,
    halt: () => sender.idle(),
  }
}
