import type { LogFilter } from '@runnel/repositories-events'
import type { Store } from '../store.ts'
import { runSlice } from './run-slice.ts'
import { SlicePace, type SearchBudget } from './slice-pace.ts'

/** Counting an entry costs less than giving it back. */
const ROWS_FACTOR = 5

interface ClosedRange {
  readonly fromMs: number
  readonly toMs: number
}

export interface CountedParts<T> {
  /** Of one slice each, the newest first. */
  readonly parts: readonly T[]
  /** Older entries are not counted: the time was over. Milliseconds since 1970. */
  readonly countedFromMs?: number | undefined
}

/**
 * Counts entries of a range in one slice after the other, the newest first, until the time is over; the first slice in any case.
 *
 * @param count what is counted in a slice
 * @throws AppError
 */
export async function countBackwards<T>(
  store: Pick<Store, 'findLogSliceEnd'>,
  { fromMs, toMs }: LogFilter & ClosedRange,
  budget: SearchBudget,
  count: (range: ClosedRange) => Promise<T>,
): Promise<CountedParts<T>> {
  const { maxRows = Infinity } = budget
  const pace = new SlicePace({ ...budget, rows: Math.min(budget.rows * ROWS_FACTOR, maxRows) })
  const parts: T[] = []
  for (let endMs = toMs; ;) {
    const slice = await runSlice(pace, parts.length === 0, async (rows) => {
      const end = await store.findLogSliceEnd({ fromMs, toMs: endMs }, {}, rows)
      const range = { fromMs: end?.occurredAtMs ?? fromMs, toMs: endMs }
      return { part: await count(range), fromMs: range.fromMs }
    })
    if (slice === undefined) return { parts, countedFromMs: endMs }
    parts.push(slice.part)
    endMs = slice.fromMs
    if (endMs <= fromMs) return { parts }
    if (!pace.next()) return { parts, countedFromMs: endMs }
  }
}
