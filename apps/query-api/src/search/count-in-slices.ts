import type { LogCount, LogFilter } from '@runnel/repositories-events'
import type { Store } from '../store.ts'
import { countBackwards } from './count-backwards.ts'
import { ignoreTooSlow } from './ignore-too-slow.ts'
import { rankLevels } from './rank-levels.ts'
import type { SearchBudget } from './slice-pace.ts'

type CountStore = Pick<Store, 'readLogCounts' | 'countLogs' | 'findLogSliceEnd'>

export interface CountedLogs {
  readonly counts: readonly LogCount[]
  /** Older entries are not counted: the time was over. Milliseconds since 1970. */
  readonly countedFromMs?: number | undefined
}

/**
 * Counts by level and time step: from the counts of minutes where they hold, else from the entries, one slice of the range after the
 * other, the newest first.
 *
 * @throws AppError
 */
export async function countInSlices(
  store: CountStore,
  filter: LogFilter & { readonly toMs: number },
  stepMs: number,
  budget: SearchBudget,
): Promise<CountedLogs> {
  const counted = await store.readLogCounts(filter, stepMs).catch(ignoreTooSlow)
  if (counted) return { counts: rankLevels(counted) }
  // An index finds the entries of a trace.
  if (filter.traceId !== undefined) return { counts: rankLevels(await store.countLogs(filter, stepMs)) }
  const { parts, countedFromMs } = await countBackwards(store, filter, budget, (range) =>
    store.countLogs({ ...filter, ...range }, stepMs),
  )
  return { counts: rankLevels(parts.flat()), countedFromMs }
}
