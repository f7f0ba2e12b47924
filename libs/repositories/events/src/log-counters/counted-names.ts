/** Services of a day that are counted one by one; and levels, of which any text may be one. */
export const MAX_COUNTED = { services: 1000, levels: 50 }

/**
 * The names of a day that are counted one by one: the first ones. A name is so for the whole day or not at all, for once there are too
 * many no other one is added.
 */
export class CountedNames {
  readonly #names: Set<string>
  readonly #max: number
  /** There are names that are not counted one by one. */
  hasOthers: boolean
  /** Something is to be written back. */
  hasChanged = false

  constructor(names: readonly string[], hasOthers: boolean, max: number) {
    this.#names = new Set(names)
    this.#max = max
    this.hasOthers = hasOthers
  }

  get names(): string[] {
    return [...this.#names]
  }

  /** @returns whether the name is counted by itself; null always is */
  take(name: string | null): boolean {
    if (name === null || this.#names.has(name)) return true
    if (this.#names.size < this.#max) {
      this.#names.add(name)
      this.hasChanged = true
      return true
    }
    if (!this.hasOthers) this.hasChanged = this.hasOthers = true
    return false
  }
}
