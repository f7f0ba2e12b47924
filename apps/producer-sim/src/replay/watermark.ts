/**
 * How far a sequence is done without gaps, although its parts finish in any order. Holds as many parts as are under
 * way.
 */
export class Watermark {
  #done: number
  readonly #ahead = new Map<number, number>()

  /** @param start everything before it is done */
  constructor(start: number) {
    this.#done = start
  }

  get done(): number {
    return this.#done
  }

  /** Marks [from, from + count) as done. */
  add(from: number, count: number): void {
    this.#ahead.set(from, count)
    for (let next = this.#ahead.get(this.#done); next !== undefined; next = this.#ahead.get(this.#done)) {
      this.#ahead.delete(this.#done)
      this.#done += next
    }
  }
}
