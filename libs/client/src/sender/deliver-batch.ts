import { sleep, type Clock } from './clock.ts'
import type { EventKind } from './event-kinds.ts'
import type { QueuedEvent } from './event-queue.ts'
import type { Outcome } from './read-answer.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { SenderLimits } from './sender-limits.ts'
import type { Refusal } from './undelivered.ts'

/** A request that will be repeated. */
export interface Retry extends Refusal {
  readonly kind: EventKind
  readonly events: number
  /** In a row. */
  readonly failures: number
  readonly waitMs: number
}

export interface DeliverOptions {
  readonly kind: EventKind
  readonly limits: SenderLimits
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  readonly post: (texts: readonly string[], signal: AbortSignal) => Promise<Outcome>
  /** Must not throw. */
  readonly onRetry: (retry: Retry) => void
  /** Aborted when the sender gives everything up. */
  readonly signal: AbortSignal
}

/** Takes events that are settled, with the reason of each that was refused. */
export type Finish = (
  events: readonly QueuedEvent[],
  refusalOf: (place: number) => Refusal | undefined,
) => void

type Part = readonly QueuedEvent[]
type RetryOutcome = Outcome & { readonly verdict: 'retry' }

/**
 * Sends a batch, as often and in as many parts as it takes, one request at a time.
 *
 * @returns once every event of it was given to `finish`, or the signal is aborted
 */
export async function deliverBatch(batch: Part, options: DeliverOptions, finish: Finish): Promise<void> {
  const { post, clock, signal, limits } = options
  const startedMs = clock.elapsedMs()
  const parts = [batch]
  for (let failures = 0; parts.length > 0;) {
    const part = parts.shift()!
    const texts = part.map(({ text }) => text)
    const outcome = await post(texts, signal)
    if (signal.aborted) return
    if (outcome.verdict !== 'retry') {
      failures = 0
      parts.unshift(...settle(part, outcome, finish))
      continue
    }
    const left = settleAccepted(part, outcome.accepted, finish)
    if (left.length > 0) parts.unshift(left)
    failures = left.length < part.length ? 1 : failures + 1
    if (clock.elapsedMs() - startedMs >= limits.giveUpMs) giveUp(parts.splice(0).flat(), outcome, finish)
    else if (left.length > 0) await pause(left.length, failures, outcome, options)
  }
}

/** @returns the parts to send instead, where one of them may be accepted */
function settle(part: Part, outcome: Exclude<Outcome, RetryOutcome>, finish: Finish): readonly Part[] {
  if (outcome.verdict === 'settled') {
    finish(part, (place) => outcome.refused.get(place))
    return []
  }
  if (outcome.byContent && part.length > 1) {
    const half = Math.ceil(part.length / 2)
    return [part.slice(0, half), part.slice(half)]
  }
  finish(part, () => outcome.problem)
  return []
}

/** @returns the events that are not safe yet */
function settleAccepted(part: Part, accepted: readonly number[], finish: Finish): Part {
  const places = new Set(accepted)
  const safe = part.filter((_, place) => places.has(place))
  finish(safe, () => undefined)
  return part.filter((_, place) => !places.has(place))
}

function giveUp(events: Part, { problem }: RetryOutcome, finish: Finish): void {
  const message = `It was tried for too long; at last: ${problem.code}: ${problem.message}`
  finish(events, () => ({ code: 'gave_up', message }))
}

async function pause(
  events: number,
  failures: number,
  { retryAfterMs, problem }: RetryOutcome,
  { kind, limits, random, clock, signal, onRetry }: DeliverOptions,
): Promise<void> {
  const waitMs = retryDelayMs(failures, retryAfterMs, random(), limits)
  onRetry({ kind, events, failures, waitMs, ...problem })
  await sleep(clock, waitMs, signal)
}
