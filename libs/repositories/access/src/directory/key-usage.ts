import { addCounts, noCounts, type KeyCounts } from '@runnel/http'

/** What is counted within one of these is written as one; as long as a period of the table. */
const PERIOD_MS = 300_000
/** Periods that wait while PostgreSQL is away, an hour of them; beyond that, the two oldest become one. */
const MAX_WAITING = 12

export type CountsByKey = ReadonlyMap<string, Readonly<KeyCounts>>

interface Waiting {
  /** When it was counted: monotonic milliseconds. */
  readonly atMs: number
  readonly counts: Map<string, KeyCounts>
}

/**
 * What keys do at this process, until it is written down. As many entries as there are keys at most, for each period that waits.
 * What a process has counted since it last wrote goes with it where it is killed.
 */
export class KeyUsage {
  private readonly counting = new Map<string, KeyCounts>()
  private readonly waiting: Waiting[] = []
  private readonly nowMs: () => number

  /** @param nowMs monotonic milliseconds */
  constructor(nowMs: () => number) {
    this.nowMs = nowMs
  }

  /** @returns always the same object of a key */
  countsOf(keyId: string): KeyCounts {
    let counts = this.counting.get(keyId)
    if (counts === undefined) this.counting.set(keyId, (counts = noCounts()))
    return counts
  }

  /**
   * Hands everything to `write`, the oldest first; what could not be written is kept.
   *
   * @param write receives how many milliseconds ago it was counted, for clocks of machines differ
   */
  async flush(write: (counts: CountsByKey, ageMs: number) => Promise<void>): Promise<void> {
    this.collect()
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      try {
        await write(next.counts, this.nowMs() - next.atMs)
      } catch (error) {
        this.waiting.unshift(next)
        throw error
      }
    }
  }

  private collect(): void {
    const counts = new Map<string, KeyCounts>()
    for (const [keyId, counting] of this.counting) {
      if (counting.requests + counting.refused + counting.events + counting.bytes === 0) continue
      counts.set(keyId, { ...counting })
      Object.assign(counting, noCounts())
    }
    if (counts.size === 0) return
    const atMs = this.nowMs()
    const last = this.waiting.at(-1)
    if (last !== undefined && atMs - last.atMs < PERIOD_MS) return merge(last.counts, counts)
    this.waiting.push({ atMs, counts })
    if (this.waiting.length > MAX_WAITING)
      merge(this.waiting[0]!.counts, this.waiting.splice(1, 1)[0]!.counts)
  }
}

function merge(into: Map<string, KeyCounts>, counts: CountsByKey): void {
  for (const [keyId, added] of counts) {
    const known = into.get(keyId)
    if (known === undefined) into.set(keyId, { ...added })
    else addCounts(known, added)
  }
}
