/** The names of a series' labels. They are nearly always sorted, so that each one is compared with the one before. */
export class LabelNames {
  readonly #names: string[] = []
  #last = ''
  /** Once one was out of order. */
  #all: Set<string> | undefined

  /** @returns false where it is there already */
  add(name: string): boolean {
    if (name <= this.#last) this.#all ??= new Set(this.#names)
    if (this.#all?.has(name) === true) return false
    this.#all?.add(name)
    this.#names.push(name)
    this.#last = name
    return true
  }

  has(name: string): boolean {
    return this.#names.includes(name)
  }
}
