import { AppError } from '@runnel/contracts'
import type { LogCount, LogFilter } from '@runnel/repositories-events'
import type { Store } from '../store.ts'
import { rankLevels } from './rank-levels.ts'
import { runSlice } from './run-slice.ts'
import { SlicePace, type SearchBudget } from './slice-pace.ts'

type CountStore = Pick<Store, 'readLogCounts' | 'countLogs' | 'findLogSliceEnd'>

/** Counting an entry costs less than giving it back. */
const ROWS_FACTOR = 5

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
  const pace = new SlicePace({ ...budget, rows: budget.rows * ROWS_FACTOR })
  const counts: LogCount[] = []
  let toMs = filter.toMs
  for (;;) {
    const isFirst = toMs === filter.toMs
    const slice = await runSlice(pace, isFirst, async (rows) => {
      const end = await store.findLogSliceEnd({ ...filter, toMs }, {}, rows)
      const fromMs = end?.occurredAtMs ?? filter.fromMs
      return { fromMs, counts: await store.countLogs({ ...filter, fromMs, toMs }, stepMs) }
    })
    if (slice === undefined) return { counts: rankLevels(counts), countedFromMs: toMs }
    counts.push(...slice.counts)
    toMs = slice.fromMs
    if (toMs <= filter.fromMs) return { counts: rankLevels(counts) }
    if (!pace.next()) return { counts: rankLevels(counts), countedFromMs: toMs }
  }
}

/** What is too slow at once is counted in slices. */
function ignoreTooSlow(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'query_too_slow') return undefined
  throw error
}
