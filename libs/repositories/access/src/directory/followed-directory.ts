import type { DirectoryState, KeyCounts, KeyDirectory, KeyRecord } from '@runnel/http'
import type { KeyChanges } from './key-changes.ts'
import { KeyTable, type Applied } from './key-table.ts'
import { KeyUsage } from './key-usage.ts'
import { KeyUses } from './key-uses.ts'

export interface DirectoryOptions {
  /** Milliseconds for which keys are accepted that neither PostgreSQL nor a notice confirms. */
  readonly staleMs: number
  /** Monotonic milliseconds. */
  readonly nowMs: () => number
  /** Milliseconds since 1970, by this machine. */
  readonly wallMs: () => number
}

/** Later than this a snapshot cannot be: its machine's clock was set back. */
const MAX_AHEAD_MS = 60_000

/** Keys in memory, with how long ago they were known to be everything there is. */
export class FollowedDirectory implements KeyDirectory {
  readonly table = new KeyTable()
  private readonly options: DirectoryOptions
  readonly uses = new KeyUses()
  readonly usage: KeyUsage
  private confirmedMs: number | undefined
  /** The database's time of what was confirmed last: an older notice that is sent again confirms nothing. */
  private confirmedAtMs = -Infinity

  constructor(options: DirectoryOptions) {
    this.options = options
    this.usage = new KeyUsage(options.nowMs)
  }

  get state(): DirectoryState {
    const { ageMs } = this
    if (ageMs === undefined) return 'unknown'
    return ageMs <= this.options.staleMs ? 'fresh' : 'stale'
  }

  /** Milliseconds since it was last confirmed; undefined: never. */
  get ageMs(): number | undefined {
    return this.confirmedMs === undefined ? undefined : this.options.nowMs() - this.confirmedMs
  }

  find(keyId: string): KeyRecord | undefined {
    return this.table.find(keyId)
  }

  noteUse(keyId: string, nowMs: number): void {
    this.uses.note(keyId, nowMs)
  }

  countsOf(keyId: string): KeyCounts {
    return this.usage.countsOf(keyId)
  }

  /** What PostgreSQL answered. */
  applyRead(changes: KeyChanges): Applied {
    // A database whose clock is behind is believed all the same, and notices with it.
    this.confirmedAtMs = Math.min(this.confirmedAtMs, changes.atMs)
    return this.apply(changes, true)
  }

  /** What a notice says, whose signature was checked. */
  applyNotice(changes: KeyChanges): Applied {
    return this.apply(changes, changes.atMs > Math.max(0, this.confirmedAtMs))
  }

  /** What the file of another life of this process says; it confirms as of when it was written. */
  applySnapshot(changes: KeyChanges): void {
    const ageMs = this.options.wallMs() - changes.atMs
    if (ageMs < -MAX_AHEAD_MS)
      throw new Error('the snapshot of the keys is from the future: the clock of this machine was set back')
    if (this.table.apply(changes) === 'current') this.confirmedMs = this.options.nowMs() - Math.max(0, ageMs)
  }

  /** @returns everything for a file, with the machine's time of the last confirmation; undefined where there was none */
  snapshot(): KeyChanges | undefined {
    const { ageMs } = this
    return ageMs === undefined ? undefined : this.table.changes(this.options.wallMs() - ageMs, 0)
  }

  private apply(changes: KeyChanges, confirms: boolean): Applied {
    const applied = this.table.apply(changes)
    if (applied === 'current' && confirms) {
      this.confirmedMs = this.options.nowMs()
      this.confirmedAtMs = Math.max(this.confirmedAtMs, changes.atMs)
    }
    return applied
  }
}
