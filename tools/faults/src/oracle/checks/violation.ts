/** Something that does not hold. */
export interface Violation {
  readonly what: string
  /** Events concerned; a few of many. */
  readonly ids: readonly string[]
  readonly count: number
}

const MAX_IDS = 20

/** Gathers events under what is wrong with them. */
export class Violations {
  readonly #found = new Map<string, { ids: string[]; count: number }>()

  add(what: string, id?: string): void {
    const found = this.#found.get(what) ?? { ids: [], count: 0 }
    found.count++
    if (id !== undefined && found.ids.length < MAX_IDS) found.ids.push(id)
    this.#found.set(what, found)
  }

  list(): Violation[] {
    return [...this.#found].map(([what, found]) => ({ what, ...found }))
  }
}
