import type { KeyChange, KeyChanges } from './key-changes.ts'

/** Changes that a notice repeats, so that a replica that missed a few needs not ask. */
const RECENT = 50

/**
 * - `current`: this is everything up to the newest version
 * - `more`: applied, and there is more
 * - `gap`: changes before these are missing; nothing was applied
 * - `older`: they end before what is known already; nothing was applied
 */
export type Applied = 'current' | 'more' | 'gap' | 'older'

/** All keys in memory, up to a version that never falls. */
export class KeyTable {
  private readonly keys = new Map<string, KeyChange>()
  private readonly recentKeys: KeyChange[] = []
  private recentFrom = 0
  private known = 0
  private floor = 0

  /** Every change up to this version is known. */
  get version(): number {
    return this.known
  }

  get size(): number {
    return this.keys.size
  }

  /** @returns the same object while the key is unchanged */
  find(id: string): KeyChange | undefined {
    return this.keys.get(id)
  }

  apply(changes: KeyChanges): Applied {
    if (changes.to < this.known) return 'older'
    if (changes.from > this.known) return 'gap'
    for (const key of changes.keys) if (key.changedIn > this.known) this.put(key)
    this.known = changes.to
    if (this.known < changes.version) return 'more'
    if (changes.floor > this.floor) this.raiseFloor(changes.floor)
    return 'current'
  }

  /** @param since of what another replica knows; undefined: the latest few changes */
  changes(atMs: number, since?: number): KeyChanges {
    const all = { to: this.known, version: this.known, floor: this.floor, atMs }
    if (since === undefined) return { ...all, from: this.recentFrom, keys: this.recentKeys }
    const keys = [...this.keys.values()].filter(({ changedIn }) => changedIn > since)
    return { ...all, from: since, keys: keys.sort((a, b) => a.changedIn - b.changedIn) }
  }

  private put(key: KeyChange): void {
    this.keys.set(key.id, key)
    this.recentKeys.push(key)
    if (this.recentKeys.length > RECENT)
      this.recentFrom = this.recentKeys.shift()?.changedIn ?? this.recentFrom
  }

  private raiseFloor(floor: number): void {
    this.floor = floor
    for (const [id, { changedIn }] of this.keys) if (changedIn < floor) this.keys.delete(id)
  }
}
