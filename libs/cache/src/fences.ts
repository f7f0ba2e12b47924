import { LRUCache } from 'lru-cache'
import { FENCE_MS } from './cache-limits.ts'

interface Fence {
  readonly version: number
  /** Place of its newest change in the order in which this process learned of changes. */
  readonly order: number
  readonly raisedMs: number
}

/**
 * What this process knows of changes. It answers two questions that Redis cannot be trusted with alone (it may be
 * unreachable, restarted, or have lost its fences):
 *
 * - Did anything change since a load began? By order of arrival, no clock involved.
 * - Is a body that came from elsewhere older than a change? By the clock of the database.
 *
 * Bounded: when a fence has to make room, its version and order become the floor for every key, which may cost loads
 * and never serves an old value.
 */
export class Fences {
  readonly #now: () => number
  readonly #fences: LRUCache<string, Fence>
  #order = 0
  #floorVersion = 0
  #floorRaisedMs = -Infinity
  #floorOrder = 0

  /** @param now monotonic milliseconds */
  constructor(now: () => number, maxFences: number) {
    this.#now = now
    this.#fences = new LRUCache({
      max: maxFences,
      dispose: (fence, _, reason) => {
        if (reason !== 'evict') return
        this.#floorOrder = Math.max(this.#floorOrder, fence.order)
        if (!this.#expired(fence)) this.#raiseFloor(fence)
      },
    })
  }

  /** A change with the given version touched the key. */
  raise(key: string, version: number): void {
    const former = this.#fences.get(key)
    this.#fences.set(key, {
      version: Math.max(version, former && !this.#expired(former) ? former.version : 0),
      order: ++this.#order,
      raisedMs: this.#now(),
    })
  }

  /** Changes may have gone unnoticed: whatever began before this moment cannot be trusted. */
  raiseAll(): void {
    this.#floorOrder = ++this.#order
  }

  /** A moment for {@link changedSince}. */
  moment(): number {
    return this.#order
  }

  /** @returns whether the key may have changed after the moment */
  changedSince(key: string, moment: number): boolean {
    // Nothing did at all: the hot path.
    if (this.#order <= moment) return false
    return this.#floorOrder > moment || (this.#fences.get(key)?.order ?? 0) > moment
  }

  /** @returns whether a body of this version may lack a known change */
  covers(key: string, version: number): boolean {
    if (version <= this.#floorVersion && !this.#expired({ raisedMs: this.#floorRaisedMs })) return true
    const fence = this.#fences.get(key)
    return fence !== undefined && !this.#expired(fence) && version <= fence.version
  }

  /** It stands as long as the newest of its fences would have: no version holds for ever. */
  #raiseFloor({ version, raisedMs }: Fence): void {
    const former = this.#expired({ raisedMs: this.#floorRaisedMs }) ? 0 : this.#floorVersion
    this.#floorVersion = Math.max(former, version)
    this.#floorRaisedMs = Math.max(this.#floorRaisedMs, raisedMs)
  }

  #expired(fence: Pick<Fence, 'raisedMs'>): boolean {
    return this.#now() - fence.raisedMs > FENCE_MS
  }
}
