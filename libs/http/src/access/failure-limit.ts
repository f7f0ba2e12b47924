/** Wrong credentials that one peer may send in a row, and how quickly more are allowed. */
const BURST = 20
const REFILL_MS = 1000
/** Peers that are remembered; beyond them, the one that failed longest ago is forgotten. */
const MAX_PEERS = 10_000

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
  readonly #maxPeers: number

  constructor(nowMs: () => number, maxPeers = MAX_PEERS) {
    this.#nowMs = nowMs
    this.#maxPeers = maxPeers
  }

  get size(): number {
    return this.#peers.size
  }

  /** @returns milliseconds until another attempt is looked at; undefined while the peer is within its limit */
  note(peer: string): number | undefined {
    const nowMs = this.#nowMs()
    const before = this.#peers.get(peer)
    const refilled = before && before.left + (nowMs - before.atMs) / REFILL_MS
    const left = Math.min(refilled ?? BURST, BURST)
    this.#peers.delete(peer)
    if (this.#peers.size >= this.#maxPeers) this.#peers.delete(this.#peers.keys().next().value!)
    this.#peers.set(peer, { left: left < 1 ? left : left - 1, atMs: nowMs })
    return left < 1 ? Math.ceil((1 - left) * REFILL_MS) : undefined
  }
}
