import { boundsOf, type TimeRange } from '../../../data/time-range.ts'
import { useResource, type Resource } from '../../../data/use-resource.ts'
import type { MarkKind } from './mark-choice.ts'
import type { Mark, Marks } from './to-marks.ts'

export const NO_MARKS: readonly Mark[] = []

/** What happened in a stretch of time; one read for all charts of a page. */
export function useMarks(
  kinds: readonly MarkKind[],
  range: TimeRange,
  refreshMs: number | undefined,
): Resource<Marks> {
  const key = kinds.length === 0 ? undefined : JSON.stringify([kinds, range])
  const load = async (signal: AbortSignal) => {
    // Who marks nothing does not wait for it.
    const { loadMarks } = await import('./load-marks.ts')
    return { data: await loadMarks(kinds, boundsOf(range, Date.now()), signal), stale: false }
  }
  return useResource(key, load, { refreshMs })
}
