import { LRUCache } from 'lru-cache'
import { ResultWindow, type Counts } from './result-window.ts'

/** Mailings that are counted apart; those that sent nothing for longest are forgotten. */
const MAX_MAILINGS = 1000

/** The results of the last ten seconds, of each mailing. */
export class MailingWindows {
  readonly #now: () => number
  readonly #all: ResultWindow
  readonly #windows = new LRUCache<number, ResultWindow>({ max: MAX_MAILINGS })

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now
    this.#all = new ResultWindow(now)
  }

  add(mailingId: number, failed: boolean): void {
    this.#all.add(failed)
    const window = this.#windows.get(mailingId) ?? new ResultWindow(this.#now)
    window.add(failed)
    this.#windows.set(mailingId, window)
  }

  /** Of all mailings together. */
  counts(): Counts {
    return this.#all.counts()
  }

  of(mailingId: number): Counts {
    return this.#windows.get(mailingId)?.counts() ?? { total: 0, failed: 0 }
  }

  /** Whether there is a mailing of which more has succeeded than failed. */
  hasHealthy(): boolean {
    for (const window of this.#windows.values()) {
      const { total, failed } = window.counts()
      if (failed * 2 < total) return true
    }
    return false
  }

  /** @returns mailings of which at least half has failed */
  failing(): number[] {
    return [...this.#windows].flatMap(([id, window]) => {
      const { total, failed } = window.counts()
      return total > 0 && failed * 2 >= total ? id : []
    })
  }

  clear(): void {
    this.#all.clear()
    this.#windows.clear()
  }
}
