import type { LogCounts, LogStats } from '../../api/logs.ts'
import type { Bucket, Kind } from '../../parts/histogram-types.ts'
import { levelClass, severity } from './levels.ts'

/** Entries without a level, and those of levels that are not told apart. No level is called that. */
export const NO_LEVEL = '\0none'
const OTHERS = '\0others'

/** Counts of the server as bars: the worst level stands at the bottom, where heights compare best. */
export function toBuckets(stats: LogStats): { buckets: Bucket[]; kinds: Kind[] } {
  const levels = stats.levels.map(({ level }) => level)
  const kinds = levels
    .sort((a, b) => severity(a) - severity(b) || String(a).localeCompare(String(b)))
    .map((level) => ({
      id: level ?? NO_LEVEL,
      label: level === null ? 'no level' : level === '' ? '(empty)' : level,
      class: levelClass(level),
    }))
  if (stats.other > 0) kinds.push({ id: OTHERS, label: 'others', class: 'level-other' })
  const buckets = stats.buckets.map((bucket) => {
    const atMs = Date.parse(bucket.at)
    return { atMs, endMs: atMs + stats.stepMs, total: bucket.total, counts: countsOf(bucket) }
  })
  return { buckets, kinds }
}

function countsOf({ levels, other }: LogCounts): Record<string, number> {
  const counts = levels.map(({ level, count }) => [level ?? NO_LEVEL, count] as const)
  return Object.fromEntries([...counts, [OTHERS, other]])
}
