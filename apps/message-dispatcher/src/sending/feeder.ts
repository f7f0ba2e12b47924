import type { Bell } from './bell.ts'
import { beginMore } from './leases/begin-more.ts'
import { createChunkClaims } from './leases/chunk-claims.ts'
import type { EngineDeps } from './engine-deps.ts'
import type { Pump } from './pump.ts'
import { createRetryClaims } from './leases/retry-claims.ts'
import type { WorkInHand } from './leases/leased-work.ts'
import { beginnable } from './leases/plan-blocks.ts'

/** Begun messages that wait for their turn, at most about: they hide the time that the database takes. */
const QUEUE_MAX = 1024
const QUEUE_MIN = 64

/** Times the sends that may be under way: while few are allowed, few are begun. */
const QUEUE_PER_SEND = 4

/** Milliseconds between turns that have nothing to do. */
const MIN_WAIT_MS = 5

export interface FeederBells {
  /** Rung when the queue runs low, and when the process drains. */
  readonly feed: Bell
  /** Rings when a block may turn out to be empty. */
  readonly keep: Bell
}

/**
 * Keeps the queue filled: leases chunks and due messages, and begins blocks of them. While nothing may be sent, it gives
 * everything back and leases nothing, so that an outage of the gateway writes nothing.
 *
 * @returns resolves once the signal aborts
 */
export async function runFeeder(
  deps: EngineDeps,
  hand: WorkInHand,
  pump: Pump,
  { feed, keep }: FeederBells,
): Promise<void> {
  const { log, breaker, options, monotonicMs, signal } = deps
  const chunkClaims = createChunkClaims(deps, hand)
  const retryClaims = createRetryClaims(deps, hand)
  let target = QUEUE_MIN

  const fill = async (room: number) => {
    const takenBefore = pump.taken
    await retryClaims.claim(room)
    if (!signal.aborted) await chunkClaims.claim(room)
    if (!signal.aborted) await beginMore(deps, hand, room)
    keep.ring()
    pump.run()
    // As much again as was sent meanwhile has to wait when the next filling begins.
    target = Math.max(QUEUE_MIN, Math.min(QUEUE_MAX, 3 * (pump.taken - takenBefore)))
  }

  /** @returns milliseconds until the next turn */
  const turn = async (): Promise<number> => {
    await breaker.refresh()
    const allowance = breaker.allowance(options.concurrency)
    if (allowance === 0) {
      hand.stopAll()
      return breaker.waitMs() || options.intervalMs
    }
    // The probe is one message.
    const full = breaker.state === 'probing' ? 1 : Math.min(target, allowance * QUEUE_PER_SEND)
    hand.lowWater = full / 2
    pump.run()
    if (hand.queue.length > hand.lowWater) return options.intervalMs
    await fill(full - hand.queue.length)
    const nowMs = monotonicMs()
    if (hand.queue.length <= hand.lowWater && beginnable(hand, nowMs).length > 0) return 0
    const nextMs = Math.min(chunkClaims.nextMs, retryClaims.nextMs, hand.resting(nowMs).untilMs)
    return Math.max(MIN_WAIT_MS, nextMs - nowMs)
  }

  const waking = runWaking(deps, () => {
    chunkClaims.expect()
    retryClaims.expect()
    feed.ring()
  })
  while (!signal.aborted) {
    try {
      const waitMs = await turn()
      if (waitMs > 0) await feed.wait(Math.min(Math.ceil(waitMs), options.intervalMs))
    } catch (err) {
      log.warn({ err }, 'no messages can be fetched for sending')
      await feed.wait(options.retryDelayMs)
    }
  }
  await waking
}

/** Notices of other replicas and rooms: there may be something to send. */
async function runWaking({ wake, options, signal }: EngineDeps, onWake: () => void): Promise<void> {
  while (!signal.aborted) {
    await wake.pause(options.intervalMs, signal)
    onWake()
  }
}
