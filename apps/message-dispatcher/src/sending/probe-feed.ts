import { beginMore } from './leases/begin-more.ts'
import type { ChunkClaims, Claims } from './leases/chunk-claims.ts'
import type { LeasedWork } from './leases/leased-work.ts'
import { readyChunks } from './leases/plan-blocks.ts'
import { BLOCK_MESSAGES, type EngineDeps } from './engine-deps.ts'
import type { Pump } from './pump.ts'

/** Fetches the message of a probe. It is one that was never attempted, and mailings take turns. */
export interface ProbeFeed {
  /** This replica has the probe. @returns whether there is a message for it @throws what the database throws */
  feed(): Promise<boolean>
  /**
   * Probes a mailing that is no suspect before the next probe is due: of the others it may have been the messages that
   * failed.
   *
   * @returns whether this replica has the probe now
   * @throws what the database throws
   */
  feedOthers(): Promise<boolean>
}

interface ProbeFeedParts {
  readonly chunkClaims: ChunkClaims
  readonly retryClaims: Claims
  readonly pump: Pump
}

export function createProbeFeed(
  deps: EngineDeps,
  leased: LeasedWork,
  { chunkClaims, retryClaims, pump }: ProbeFeedParts,
): ProbeFeed {
  const { breaker, options, monotonicMs } = deps
  let nextLookMs = 0

  const hasChunk = () => readyChunks(leased, monotonicMs()).length > 0

  /** A whole block: its first messages may have been sent before. What is left of it is given back. */
  const begin = async (): Promise<boolean> => {
    await beginMore(deps, leased, BLOCK_MESSAGES)
    return leased.queue.length > 0
  }

  /** A mailing of which everything was attempted has its turn with a message that waits to be tried again. */
  const fetch = async (avoid: Iterable<number>): Promise<boolean> => {
    const ids = [...avoid]
    if (!hasChunk()) await chunkClaims.claimForProbe(ids)
    while (hasChunk()) if (await begin()) return true
    retryClaims.expectWork()
    await retryClaims.claim(1, ids)
    return leased.queue.length > 0
  }

  return {
    async feed() {
      leased.target = BLOCK_MESSAGES
      pump.run()
      if (pump.underWay > 0) return false
      if (leased.queue.length === 0 && !(await fetch(breaker.hadTurn))) {
        breaker.beginRound()
        if (!(await fetch([]))) return false
      }
      pump.run()
      return pump.underWay === 0
    },
    async feedOthers() {
      const nowMs = monotonicMs()
      if (nowMs < nextLookMs) return false
      nextLookMs = nowMs + options.intervalMs
      await chunkClaims.claimForProbe(breaker.suspects)
      if (hasChunk() && (await breaker.takeEarlyProbe())) return true
      leased.stopAll()
      return false
    },
  }
}
