import type { LogFilter } from '@runnel/repositories-events'
import type { Store } from '../store.ts'
import { ignoreTooSlow } from './ignore-too-slow.ts'
import { LogWalk } from './log-walk.ts'
import { PatternCounts } from './pattern-counts.ts'
import type { SearchBudget } from './slice-pace.ts'

export interface CountedPatterns {
  readonly counts: PatternCounts
  /** Older entries are not counted: the time was over. Milliseconds since 1970. */
  readonly countedFromMs?: number | undefined
}

/**
 * Counts the patterns of messages, the newest entries first, until the time is over; one page in any case.
 *
 * @throws AppError
 */
export async function countPatterns(
  store: Pick<Store, 'listLogFields' | 'findLogSliceEnd'>,
  filter: LogFilter,
  { ms, rows: searchRows, now = () => performance.now() }: SearchBudget,
): Promise<CountedPatterns> {
  const counts = new PatternCounts()
  const walk = new LogWalk({
    ...{ store, filter, searchRows, after: undefined },
    readPage: async (page) => {
      const { items, more } = await store.listLogFields(filter, page, [])
      return { items, more, last: items.at(-1) }
    },
  })
  const endMs = now() + ms
  do {
    const reading = walk.read(Infinity)
    const page = await (walk.after ? reading.catch(ignoreTooSlow) : reading)
    if (page === undefined) break
    for (const item of page.items) counts.add(item)
  } while (!walk.isAtEnd && now() < endMs)
  return { counts, countedFromMs: walk.isAtEnd ? undefined : walk.after?.occurredAtMs }
}
