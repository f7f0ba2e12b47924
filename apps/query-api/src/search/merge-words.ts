import { ANY_WORD } from './mask-message.ts'

/** Words at one place that make it a place of any word. */
const MIN_WORDS = 8
/** Other words that patterns must have in common: short messages mean different things by one word. */
const MIN_COMMON = 2
/** Words of a pattern that may vary, from its beginning. */
const MAX_PLACES = 12
/** One place after the other: `user <*> has come from <*>`. */
const MAX_ROUNDS = 3

/**
 * Finds patterns that differ in a name: where many are the same but for one word, that word varies.
 *
 * @returns by pattern, the one that it becomes a part of
 */
export function mergeWords(patterns: readonly string[]): ReadonlyMap<string, string> {
  const targets = new Map<string, string>()
  let open = new Set(patterns)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const merged = mergeOnce(open)
    if (merged.size === 0) break
    for (const [from, to] of [...targets]) targets.set(from, merged.get(to) ?? to)
    for (const [from, to] of merged) targets.set(from, to)
    open = new Set([...open].map((pattern) => merged.get(pattern) ?? pattern))
  }
  return targets
}

function mergeOnce(patterns: ReadonlySet<string>): Map<string, string> {
  const groups = new Map<string, string[]>()
  for (const pattern of patterns) {
    for (const general of generalise(pattern)) {
      const group = groups.get(general)
      if (group) group.push(pattern)
      else groups.set(general, [pattern])
    }
  }
  const merged = new Map<string, string>()
  const largestFirst = [...groups].sort(([, a], [, b]) => b.length - a.length)
  for (const [general, group] of largestFirst) {
    const left = group.filter((pattern) => !merged.has(pattern) && pattern !== general)
    const isKnown = patterns.has(general) && !merged.has(general)
    if (left.length >= MIN_WORDS || isKnown) for (const pattern of left) merged.set(pattern, general)
  }
  return merged
}

/** The pattern with any word in the place of one of its own, in turn. */
function generalise(pattern: string): string[] {
  const words = pattern.split(' ')
  if (words.filter(isFixed).length <= MIN_COMMON) return []
  return words
    .slice(0, MAX_PLACES)
    .flatMap((word, place) => (isFixed(word) ? [words.with(place, ANY_WORD).join(' ')] : []))
}

/** Nothing in the word varies. */
function isFixed(word: string): boolean {
  return /\p{L}/u.test(word) && !word.includes('<')
}
