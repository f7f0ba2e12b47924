import { LRUCache } from 'lru-cache'
import { ResultWindow, type Counts } from './result-window.ts'

/** Receivers that are counted apart; those that were called longest ago are forgotten. */
const MAX_PEERS = 1000

/** Fewer receivers than this say nothing about what they have in common: the network from here. */
const LEAST_PEERS = 10

/** Many are looked at only so often. */
const MANY_PEERS = 50
const LOOK_MS = 100

/** So many of them have to fail. */
const FAILING_SHARE = 3 / 4

/** The results of the last ten seconds, of each receiver. */
export class PeerWindows {
  readonly #now: () => number
  readonly #all: ResultWindow
  readonly #windows = new LRUCache<string, ResultWindow>({ max: MAX_PEERS })
  #look = { at: -Infinity, mostFail: false }

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now
    this.#all = new ResultWindow(now)
  }

  add(peer: string, failed: boolean): void {
    this.#all.add(failed)
    const window = this.#windows.get(peer) ?? new ResultWindow(this.#now)
    window.add(failed)
    this.#windows.set(peer, window)
  }

  /** Of all receivers together. */
  counts(): Counts {
    return this.#all.counts()
  }

  /** Whether most of many receivers fail, each counted once. */
  mostFail(): boolean {
    const now = this.#now()
    if (this.#windows.size > MANY_PEERS && now - this.#look.at < LOOK_MS) return this.#look.mostFail
    this.#look = { at: now, mostFail: this.#count() }
    return this.#look.mostFail
  }

  clear(): void {
    this.#all.clear()
    this.#windows.clear()
    this.#look = { at: -Infinity, mostFail: false }
  }

  #count(): boolean {
    let peers = 0
    let failing = 0
    for (const window of this.#windows.values()) {
      const { total, failed } = window.counts()
      if (total === 0) continue
      peers += 1
      if (failed * 2 >= total) failing += 1
    }
    return peers >= LEAST_PEERS && failing >= peers * FAILING_SHARE
  }
}
