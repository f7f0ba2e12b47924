import type { LiveLog } from './live-log.ts'

/**
 * Entries that are still to be compared with the filters of the clients, in the order in which they came. Bounded: where
 * comparing does not keep up, what comes then is not taken, and counts as missed.
 */
export class PendingLogs {
  readonly #limitBytes: number
  #logs: LiveLog[] = []
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get count(): number {
    return this.#logs.length
  }

  /** Of their frames. */
  get bytes(): number {
    return this.#bytes
  }

  /** @returns whether there was room for it; one entry always has */
  add(log: LiveLog): boolean {
    const { length } = log.frame.bytes
    if (this.count > 0 && this.#bytes + length > this.#limitBytes) return false
    this.#logs.push(log)
    this.#bytes += length
    return true
  }

  /** Removes the oldest: so many, or fewer that have so many bytes; at least one, if there is any. */
  take(maxLogs: number, maxBytes: number): LiveLog[] {
    let [count, bytes] = [0, 0]
    while (count < Math.min(maxLogs, this.count)) {
      const { length } = this.#logs[count]!.frame.bytes
      if (count > 0 && bytes + length > maxBytes) break
      count++
      bytes += length
    }
    this.#bytes -= bytes
    return this.#logs.splice(0, count)
  }

  clear(): void {
    this.#logs = []
    this.#bytes = 0
  }
}
