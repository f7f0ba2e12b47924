/** Whoever works on a thing has it alone; others wait in the order in which they came. */
export class Locks {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Takes several things at once, so that nobody waits for somebody who waits for him. */
  async hold<T>(things: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = things.map((thing) => this.#last.get(thing))
    const { promise, resolve } = Promise.withResolvers<void>()
    for (const thing of things) this.#last.set(thing, promise)
    await Promise.all(before)
    try {
      return await work()
    } finally {
      resolve()
    }
  }
}
