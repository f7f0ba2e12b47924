import { getLogs, getLogStats } from '../../api/logs.ts'
import type { TimeRange } from '../../data/time-range.ts'
import { useResource } from '../../data/use-resource.ts'
import { PAGE_SIZE, searchParams } from './logs-query.ts'

/** How often the counts are read again beside a live tail. */
const LIVE_STATS_MS = 15_000

/** The page of entries and the counts that an address asks for. */
export function useLogs(params: URLSearchParams, range: TimeRange, live: boolean) {
  // At a fixed moment: the key is what was asked for, not when.
  const key = JSON.stringify(searchParams(params, range, 0))
  const cursor = params.get('cursor')
  const page = useResource(live ? undefined : `${key} ${cursor}`, (signal) =>
    getLogs({ ...searchParams(params, range, Date.now()), limit: PAGE_SIZE, cursor }, signal),
  )
  const stats = useResource(key, (signal) => getLogStats(searchParams(params, range, Date.now()), signal), {
    refreshMs: live ? LIVE_STATS_MS : undefined,
  })
  return { page, stats }
}
