const WINDOW_MS = 120_000
/** Bounds the memory of a burst; beyond it the oldest ids are forgotten early. */
const MAX_IDS = 200_000

/** Message ids of the last two minutes. */
export class RecentIds {
  /** In the order of arrival, which is the order of a Map. */
  readonly #seenAt = new Map<string, number>()

  has(id: string): boolean {
    this.#forget()
    return this.#seenAt.has(id)
  }

  add(id: string): void {
    this.#seenAt.set(id, performance.now())
  }

  #forget(): void {
    const horizon = performance.now() - WINDOW_MS
    for (const [id, at] of this.#seenAt) {
      if (at > horizon && this.#seenAt.size <= MAX_IDS) return
      this.#seenAt.delete(id)
    }
  }
}
