import type { LogFields } from '@runnel/repositories-events'
import { mergeWords } from './merge-words.ts'
import { maskMessage } from './mask-message.ts'

/** Patterns that are kept while entries are counted. */
const MAX_KEPT = 1000
/** Of an example. */
const MAX_EXAMPLE_CHARACTERS = 400

export interface PatternCount {
  /** What stays the same, with `<num>` and the like for what varies. */
  readonly pattern: string
  readonly count: number
  readonly firstMs: number
  readonly lastMs: number
  /** One of these entries, and the beginning of its message. */
  readonly exampleId: string
  readonly example: string
}

/** Groups messages that say the same about different things, and counts them. */
export class PatternCounts {
  total = 0
  /** Entries that have no message. */
  without = 0
  /** A pattern that was left out at any time may be counted too low by so many. */
  margin = 0
  #patterns = new Map<string, PatternCount>()
  #others = 0

  add({ id, message, occurredAtMs }: Pick<LogFields, 'id' | 'message' | 'occurredAtMs'>): void {
    this.total++
    if (message === null) {
      this.without++
      return
    }
    const pattern = maskMessage(message)
    const known = this.#patterns.get(pattern)
    const times = { firstMs: occurredAtMs, lastMs: occurredAtMs }
    if (known) {
      this.#patterns.set(pattern, joinPatterns(pattern, known, { ...known, ...times, count: 1 }))
      return
    }
    if (this.#patterns.size >= MAX_KEPT) this.#shrink()
    const example = copyText(message.slice(0, MAX_EXAMPLE_CHARACTERS))
    const name = copyText(pattern)
    this.#patterns.set(name, { pattern: name, count: 1, ...times, exampleId: id, example })
  }

  /** @returns the most frequent patterns, and how many entries have others */
  list(limit: number): { patterns: PatternCount[]; others: number } {
    this.#merge()
    const ranked = this.#ranked()
    return { patterns: ranked.slice(0, limit), others: this.#others + sum(ranked.slice(limit)) }
  }

  /** Makes room: words that vary become one pattern, and where that is not enough the rarer half goes. */
  #shrink(): void {
    this.#merge()
    if (this.#patterns.size <= MAX_KEPT / 2) return
    const ranked = this.#ranked()
    const dropped = ranked.slice(MAX_KEPT / 2)
    this.#patterns = new Map(ranked.slice(0, MAX_KEPT / 2).map((kept) => [kept.pattern, kept]))
    this.#others += sum(dropped)
    this.margin += dropped[0]!.count
  }

  #merge(): void {
    const merged = new Map<string, PatternCount>()
    const names = mergeWords([...this.#patterns.keys()])
    for (const [name, pattern] of this.#patterns) {
      const target = names.get(name) ?? name
      const other = merged.get(target)
      merged.set(target, other ? joinPatterns(target, other, pattern) : { ...pattern, pattern: target })
    }
    this.#patterns = merged
  }

  #ranked(): PatternCount[] {
    return [...this.#patterns.values()].sort(
      (a, b) => b.count - a.count || b.lastMs - a.lastMs || (a.pattern < b.pattern ? -1 : 1),
    )
  }
}

/** The example is that of the first one. */
function joinPatterns(pattern: string, one: PatternCount, other: PatternCount): PatternCount {
  return {
    ...one,
    pattern,
    count: one.count + other.count,
    firstMs: Math.min(one.firstMs, other.firstMs),
    lastMs: Math.max(one.lastMs, other.lastMs),
  }
}

/** A part of a text keeps the whole of it in memory; a copy does not. */
function copyText(text: string): string {
  return Buffer.from(text).toString()
}

function sum(patterns: readonly PatternCount[]): number {
  return patterns.reduce((total, { count }) => total + count, 0)
}
