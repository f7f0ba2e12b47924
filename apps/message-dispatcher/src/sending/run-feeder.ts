import type { Bell } from './bell.ts'
import { beginMore } from './leases/begin-more.ts'
import { createChunkClaims } from './leases/chunk-claims.ts'
import type { EngineDeps } from './engine-deps.ts'
import type { Pump } from './pump.ts'
import { createRetryClaims } from './leases/retry-claims.ts'
import type { LeasedWork } from './leases/leased-work.ts'
import { canBegin } from './leases/plan-blocks.ts'
import { createProbeFeed } from './probe-feed.ts'

/** Begun messages in the queue, at most about: they hide the latency of the database. */
const QUEUE_MAX = 1024
const QUEUE_MIN = 64

/** Queued messages for each send that may be under way: while few are allowed, few are begun. */
const QUEUE_PER_SEND = 4

/** Milliseconds between turns without work. */
const MIN_WAIT_MS = 5

export interface FeederBells {
  /** Rung when the queue runs low, and when the process drains. */
  readonly feed: Bell
  /** Rung after blocks were begun: one of them may be empty. */
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
  leased: LeasedWork,
  pump: Pump,
  { feed, keep }: FeederBells,
): Promise<void> {
  const { log, breaker, options, monotonicMs, signal } = deps
  const chunkClaims = createChunkClaims(deps, leased)
  const retryClaims = createRetryClaims(deps, leased)
  const probe = createProbeFeed(deps, leased, { chunkClaims, retryClaims, pump })
  let target = QUEUE_MIN

  const updateShares = () => {
    const nowMs = monotonicMs()
    leased.shares.update(leased.chunks.values(), (mailingId) => leased.isBackedOff(mailingId, nowMs))
  }

  /** @returns messages that the queue lacks */
  const wanted = () => {
    const { foreground } = leased.shares
    if (foreground.size === 0) return Math.max(0, leased.target - leased.queue.length)
    return [...foreground].reduce((sum, mailingId) => sum + leased.roomFor(mailingId), 0)
  }

  const fill = async (wanted: number) => {
    const takenBefore = pump.taken
    await retryClaims.claim(wanted)
    if (!signal.aborted) await chunkClaims.claim(wanted)
    updateShares()
    if (!signal.aborted) await beginMore(deps, leased, wanted)
    keep.ring()
    pump.run()
    // When the next fill begins, as many messages have to be waiting as were sent during this one.
    target = Math.max(QUEUE_MIN, Math.min(QUEUE_MAX, 3 * (pump.taken - takenBefore)))
  }

  /** @returns milliseconds until the next turn */
  const turn = async (): Promise<number> => {
    await breaker.refresh()
    updateShares()
    const allowance = breaker.allowance(options.concurrency)
    if (breaker.state === 'probing' && allowance > 0) return (await probe.feed()) ? 0 : options.intervalMs
    if (allowance === 0) {
      leased.stopAll()
      if (breaker.mayProbeOthers && (await probe.feedOthers())) return 0
      return breaker.waitMs() || options.intervalMs
    }
    leased.target = Math.min(target, allowance * QUEUE_PER_SEND)
    pump.run()
    if (!leased.isLow()) {
      // Mailings of which nothing is leased are looked for even so.
      await chunkClaims.survey()
      updateShares()
      if (!leased.isLow()) return options.intervalMs
    }
    await fill(wanted())
    const nowMs = monotonicMs()
    updateShares()
    if (leased.isLow() && canBegin(leased, nowMs)) return 0
    const nextMs = Math.min(chunkClaims.nextMs, retryClaims.nextMs, leased.backedOff(nowMs).untilMs)
    return Math.max(MIN_WAIT_MS, nextMs - nowMs)
  }

  const waking = runWaking(deps, () => {
    chunkClaims.expectWork()
    retryClaims.expectWork()
    feed.ring()
  })
  while (!signal.aborted) {
    try {
      const waitMs = await turn()
      if (waitMs > 0) await feed.wait(Math.min(Math.ceil(waitMs), options.intervalMs))
    } catch (err) {
      log.warn({ err }, 'messages cannot be fetched for sending; trying again')
      await feed.wait(options.retryDelayMs)
    }
  }
  await waking
}

/** Waits for notices, of this process and of other replicas, that there may be messages to send. */
async function runWaking({ wake, options, signal }: EngineDeps, onWake: () => void): Promise<void> {
  while (!signal.aborted) {
    await wake.pause(options.intervalMs, signal)
    onWake()
  }
}
