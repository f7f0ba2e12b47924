/** Exclusive locks by name; those that wait get them in the order of their calls. */
export class Locks {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Takes several locks at once, so that no two holders wait for each other. */
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
