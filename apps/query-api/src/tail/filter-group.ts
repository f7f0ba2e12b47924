import { createLogMatcher, type LogConditions, type SearchableLog } from '@runnel/repositories-events'
import type { LiveLog } from './live-log.ts'
import { firstThatFits, TailBatch, type QueueLimits } from './tail-batch.ts'
import type { TailStream } from './tail-stream.ts'

/**
 * Clients with the same filter, in one round of entries: they share its matching and its bytes. Only as much as a client
 * may have waiting is kept.
 */
export class FilterGroup {
  readonly #streams: TailStream[] = []
  readonly #matches: (log: SearchableLog) => boolean
  readonly #limits: QueueLimits
  readonly #fromSeq: number
  #kept: LiveLog[] = []
  #dropped = 0

  /** @param fromSeq the first entry that they want, by {@link LiveLog.seq} */
  constructor(conditions: LogConditions, limits: QueueLimits, fromSeq: number) {
    this.#matches = createLogMatcher(conditions)
    this.#limits = limits
    this.#fromSeq = fromSeq
  }

  join(stream: TailStream): void {
    this.#streams.push(stream)
  }

  look(log: LiveLog, searchable: SearchableLog): void {
    if (log.seq < this.#fromSeq || !this.#matches(searchable)) return
    this.#kept.push(log)
    // Not at every entry: taking the first of a list away moves the others.
    if (this.#kept.length >= 2 * this.#limits.lines) this.#trim()
  }

  /** @returns what fits, and how much of what matched does not */
  result(): { batch: TailBatch; dropped: number } {
    this.#trim()
    const frames = this.#kept.map(({ frame }) => frame)
    const first = firstThatFits(frames, this.#limits)
    return { batch: new TailBatch(frames.slice(first)), dropped: this.#dropped + first }
  }

  /** @param missed all entries that never came here, since the process follows them */
  offer(missed: number): void {
    const { batch, dropped } = this.result()
    for (const stream of this.#streams) stream.offer(batch, dropped, missed)
  }

  #trim(): void {
    const excess = this.#kept.length - this.#limits.lines
    if (excess <= 0) return
    this.#dropped += excess
    this.#kept = this.#kept.slice(excess)
  }
}
