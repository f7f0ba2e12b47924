import type { LiveLog } from './live-log.ts'

const MAX_LOGS = 5000
/** Characters of their texts, about. */
const MAX_CHARACTERS = 4 * 1024 ** 2

/** The entries that have come last, in the order in which they came, for clients that come back. */
export class RecentLogs {
  /** Oldest first: a Map keeps its order. */
  readonly #logs = new Map<string, { log: LiveLog; size: number }>()
  #size = 0

  add(log: LiveLog): void {
    const size = sizeOf(log)
    this.#logs.set(log.entry.id, { log, size })
    this.#size += size
    for (const [id, oldest] of this.#logs) {
      if (this.#logs.size <= MAX_LOGS && this.#size <= MAX_CHARACTERS) break
      this.#logs.delete(id)
      this.#size -= oldest.size
    }
  }

  /** @returns what has come behind an entry; undefined where that is not known any more */
  after(id: string): LiveLog[] | undefined {
    if (!this.#logs.has(id)) return undefined
    const found: LiveLog[] = []
    let isBehind = false
    for (const [key, { log }] of this.#logs) {
      if (isBehind) found.push(log)
      isBehind ||= key === id
    }
    return found
  }
}

/** Its frame is all of it, and will be wanted. */
function sizeOf(log: LiveLog): number {
  return log.frame.bytes.length
}
