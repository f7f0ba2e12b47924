import type { TokenBuckets } from '@runnel/cache'
import type { Grant } from './rates.ts'

export interface BucketDeps {
  readonly buckets: TokenBuckets
  /** How many replicas share a rate while the shared bucket is unreachable; undefined: not known yet. */
  readonly replicas: () => number | undefined
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** A bucket holds the tokens of this time at most: the burst that may be sent after a while without sending. */
const BURST_MS = 200

/** All replicas together take the tokens of this time ahead, so that not every block of messages needs a call to Redis. */
const BLOCK_MS = 100

/** Tokens taken ahead expire after this time: they belong to its rate. */
const TAKEN_AHEAD_MS = 1000

/** While the number of replicas is not known, nothing is granted for this time. */
const UNKNOWN_WAIT_MS = 250

/**
 * One limit, as one replica sees it. All replicas together never send more than the rate of any stretch of time, one burst
 * (BURST_MS of the rate, at least 1) and what they took ahead (BLOCK_MS of it). What is given back may be used for as long as
 * what was taken ahead, and then comes on top, at most what one caller asks for. Without a shared bucket each has its part of
 * the rate, and its burst is at least 1.
 */
export class RateBucket {
  readonly #key: string
  readonly #deps: BucketDeps
  /** Taken from the shared bucket, and not used yet. */
  #ahead = 0
  #aheadUntilMs = 0
  /** The bucket of this replica alone; undefined while there is a shared one. */
  #local: { tokens: number; at: number } | undefined

  constructor(key: string, deps: BucketDeps) {
    this.#key = key
    this.#deps = deps
  }

  /** @returns whole tokens, 0 to `wanted` */
  async take(ratePerSecond: number, wanted: number): Promise<Grant> {
    const { replicas, buckets } = this.#deps
    const spent = this.#spend(wanted)
    if (spent === wanted) return { granted: wanted, retryInMs: 0 }
    const capacity = Math.max(1, (ratePerSecond * BURST_MS) / 1000)
    const block = Math.max(1, Math.ceil((ratePerSecond * BLOCK_MS) / 1000 / (replicas() ?? 1)))
    const missing = Math.min(Math.ceil(capacity), Math.max(wanted - spent, block))
    const demand = { ratePerSecond, capacity, wanted: missing, least: Math.min(block, wanted - spent) }
    const grant = await buckets.takeTokens(this.#key, demand)
    if (!grant) return this.#takeLocally(ratePerSecond, capacity, wanted, spent)
    this.#local = undefined
    this.#keep(grant.granted)
    const granted = spent + this.#spend(wanted - spent)
    return { granted, retryInMs: granted === wanted ? 0 : Math.max(1, grant.retryInMs) }
  }

  /** Returned tokens are used next. */
  giveBack(count: number): void {
    if (this.#local) this.#local.tokens += count
    else this.#keep(count)
  }

  #spend(wanted: number): number {
    if (this.#aheadUntilMs <= this.#deps.now()) this.#ahead = 0
    const spent = Math.min(this.#ahead, wanted)
    this.#ahead -= spent
    return spent
  }

  #keep(count: number): void {
    if (this.#aheadUntilMs <= this.#deps.now()) this.#ahead = 0
    if (this.#ahead === 0) this.#aheadUntilMs = this.#deps.now() + TAKEN_AHEAD_MS
    this.#ahead += count
  }

  /** The local bucket begins empty: a burst may just have been taken from the shared one. */
  #takeLocally(ratePerSecond: number, capacity: number, wanted: number, spent: number): Grant {
    const replicas = this.#deps.replicas()
    if (replicas === undefined) return { granted: spent, retryInMs: UNKNOWN_WAIT_MS }
    const now = this.#deps.now()
    const rate = ratePerSecond / replicas
    const local = (this.#local ??= { tokens: 0, at: now })
    local.tokens = Math.min(Math.max(1, capacity / replicas), local.tokens + ((now - local.at) * rate) / 1000)
    local.at = now
    const more = Math.min(wanted - spent, Math.floor(local.tokens))
    local.tokens -= more
    const granted = spent + more
    if (granted === wanted) return { granted, retryInMs: 0 }
    const least = Math.min(wanted - granted, Math.max(1, (rate * BLOCK_MS) / 1000))
    return { granted, retryInMs: Math.max(1, Math.ceil(((least - local.tokens) * 1000) / rate)) }
  }
}
