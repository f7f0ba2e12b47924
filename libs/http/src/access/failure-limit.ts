const DEFAULTS: FailureLimitOptions = { burst: 20, refillMs: 1000, maxPeers: 10_000 }

export interface FailureLimitOptions {
  /** Wrong credentials that one peer may send in a row. */
  readonly burst: number
  /** After so many milliseconds one more is allowed. */
  readonly refillMs: number
  /** Peers that are remembered; beyond them, the one that failed longest ago is forgotten. */
  readonly maxPeers: number
}

interface Failures {
  /** Of the bucket at `atMs`: what may still fail. */
  readonly left: number
  readonly atMs: number
}

/**
 * Limits how many wrong credentials one peer may send. Right ones are never refused for wrong ones of the same address: many
 * callers may share it.
 */
export class FailureLimit {
  readonly #peers = new Map<string, Failures>()
  readonly #nowMs: () => number
  readonly #options: FailureLimitOptions

  constructor(nowMs: () => number, options: Partial<FailureLimitOptions> = {}) {
    this.#nowMs = nowMs
    this.#options = { ...DEFAULTS, ...options }
  }

  get size(): number {
    return this.#peers.size
  }

  /** @returns milliseconds until another attempt is looked at; undefined while the peer is within its limit */
  note(peer: string): number | undefined {
    const { burst, refillMs, maxPeers } = this.#options
    const nowMs = this.#nowMs()
    const before = this.#peers.get(peer)
    const refilled = before && before.left + (nowMs - before.atMs) / refillMs
    const left = Math.min(refilled ?? burst, burst)
    this.#peers.delete(peer)
    if (this.#peers.size >= maxPeers) this.#peers.delete(this.#peers.keys().next().value!)
    this.#peers.set(peer, { left: left < 1 ? left : left - 1, atMs: nowMs })
    return left < 1 ? Math.ceil((1 - left) * refillMs) : undefined
  }

  /** Takes back what {@link note} noted, for what turned out to be right. */
  forgive(peer: string): void {
    const before = this.#peers.get(peer)
    if (before) this.#peers.set(peer, { ...before, left: Math.min(before.left + 1, this.#options.burst) })
  }
}
