import { getLogContext, getLogs, getLogStats } from '../../api/logs.ts'
import type { TimeRange } from '../../data/time-range.ts'
import { useResource } from '../../data/use-resource.ts'
import { contextOf } from './context-cursor.ts'
import { filterParams, searchParams, PAGE_SIZE } from './logs-query.ts'
import { findQueryError } from './query-text.ts'

/** How often the counts are read again beside a live tail. */
const LIVE_STATS_MS = 15_000

/** The page of entries and the counts that an address asks for; neither where its query cannot be read. */
export function useLogs(params: URLSearchParams, range: TimeRange, live: boolean) {
  // At a fixed moment: the key is what was asked for, not when.
  const isReadable = findQueryError(params.get('query') ?? '') === undefined
  const key = isReadable ? JSON.stringify(searchParams(params, range, 0)) : undefined
  const cursor = params.get('cursor')
  const context = contextOf(params)
  const pageKey = live || !isReadable ? undefined : `${key} ${cursor}`
  const read = useResource(pageKey, (signal) =>
    context === undefined
      ? getLogs({ ...searchParams(params, range, Date.now()), limit: PAGE_SIZE, cursor }, signal)
      : getLogContext(context, { ...filterParams(params), limit: PAGE_SIZE }, signal),
  )
  // The list before has nothing to do with what stands around an entry.
  const isOther = context !== undefined && read.dataKey !== pageKey
  const page = isOther ? { ...read, data: undefined } : read
  const stats = useResource(key, (signal) => getLogStats(searchParams(params, range, Date.now()), signal), {
    refreshMs: live ? LIVE_STATS_MS : undefined,
  })
  return { page, stats, isReadable }
}
