import { BACKOFF_MS, type EngineDeps } from './engine-deps.ts'
import { judgeMessage } from './judge-message.ts'
import { recordOfVerdict } from './results/record-of-result.ts'
import type { ResultFlusher } from './results/result-flusher.ts'
import { createSender } from './sender.ts'
import type { LeasedWork } from './leases/leased-work.ts'
import type { QueuedMessage } from './leases/work.ts'

/** Keeps as many sends of the queue under way as are allowed. */
export interface Pump {
  /** Messages taken from the queue so far. */
  readonly taken: number
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
    const verdict = judgeMessage(message, { nowMs: clock.nowMs(), sendTimeoutMs, deduplicates, templates })
    // The very last check: a process that was suspended for longer than its lease may resume at any line.
    const isLate = monotonicMs() >= work.sendUntilMs
    if (isLate || verdict.kind === 'stop') {
      leased.backOff(work.mailingId, monotonicMs() + BACKOFF_MS)
      // It is given back together with the messages behind it.
      leased.queue.push([message])
      return leased.stop(work)
    }
    work.startedThrough = Math.max(work.startedThrough, recipient.messageId)
    work.unrecorded += 1
    if (verdict.kind === 'send') sender.send(message, verdict)
    else flusher.add({ work, record: recordOfVerdict(message, verdict) })
  }

  const run = () => {
    const untilMs = monotonicMs() + SLICE_MS
    const before = taken
    while (leased.queue.length > 0 && mayStart()) {
      if (monotonicMs() >= untilMs) {
        postpone()
        break
      }
      taken += 1
      take(leased.queue.shift()!)
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
