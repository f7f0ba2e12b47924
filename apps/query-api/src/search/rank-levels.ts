import type { LogCount } from '@runnel/repositories-events'

/** Levels that are counted one by one: any text may be one. */
const MAX_LEVELS = 20

/** The counts, those of levels beyond the most frequent ones together. */
export function rankLevels(counts: readonly LogCount[]): LogCount[] {
  const sums = new Map<string | null, number>()
  for (const { level, other, count } of counts) if (!other) sums.set(level, (sums.get(level) ?? 0) + count)
  if (sums.size <= MAX_LEVELS) return [...counts]
  const ranked = [...sums].sort(([a, many], [b, more]) => more - many || compareNames(a, b))
  const shown = new Set(ranked.slice(0, MAX_LEVELS).map(([level]) => level))
  return counts.map((count) =>
    count.other || shown.has(count.level) ? count : { ...count, level: null, other: true },
  )
}

/** Entries without a level last. */
function compareNames(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a < b ? -1 : 1
}
