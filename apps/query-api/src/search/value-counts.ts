import type { LogValueCounts } from '@runnel/repositories-events'

/** Values that are kept while slices are added up. */
const MAX_KEPT = 10_000

/** The counts of values of a field, added up from parts of a range. */
export class ValueCounts {
  total = 0
  without = 0
  /** A value that was left out anywhere may be counted too low by so many. */
  margin = 0
  readonly #normalise: (value: string) => string
  #counts = new Map<string, number>()
  #others = 0

  /** @param normalise gives spellings of one value one name */
  constructor(normalise: (value: string) => string) {
    this.#normalise = normalise
  }

  add({ total, without, values, others, mostOfOthers }: LogValueCounts): void {
    this.total += total
    this.without += without
    this.#others += others
    this.margin += mostOfOthers
    for (const { value, count } of values) {
      const name = this.#normalise(value)
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + count)
    }
    if (this.#counts.size > MAX_KEPT) this.#drop()
  }

  /** @returns the most frequent values, and how often others occur */
  list(limit: number): { values: { value: string; count: number }[]; others: number } {
    const ranked = this.#ranked()
    const values = ranked.slice(0, limit).map(([value, count]) => ({ value, count }))
    return { values, others: this.#others + sum(ranked.slice(limit)) }
  }

  /** The rarer half goes. */
  #drop(): void {
    const ranked = this.#ranked()
    const dropped = ranked.slice(MAX_KEPT / 2)
    this.#counts = new Map(ranked.slice(0, MAX_KEPT / 2))
    this.#others += sum(dropped)
    this.margin += dropped[0]![1]
  }

  #ranked(): [value: string, count: number][] {
    return [...this.#counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
  }
}

function sum(counts: readonly [value: string, count: number][]): number {
  return counts.reduce((total, [, count]) => total + count, 0)
}
