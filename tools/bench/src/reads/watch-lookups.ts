import type { Contest } from '../contest.ts'
import { readLookups, shareOf } from './cache-lookups.ts'

export interface WatchOptions {
  /** Of a query-api. */
  readonly url: string
  /** Where every look-up is meant to end. */
  readonly outcomes: readonly string[]
  /** Before each measurement of Runnel; its look-ups do not count. */
  readonly prepare?: () => Promise<void>
}

/** A contest that also measures which share of Runnel's look-ups went the way that the row is about. */
export function watchLookups(contest: Contest, { url, outcomes, prepare }: WatchOptions): Contest {
  return {
    ...contest,
    runnel: async () => {
      await prepare?.()
      const before = await readLookups(url)
      const sample = await contest.runnel()
      return { ...sample, share: shareOf(outcomes, before, await readLookups(url)) }
    },
  }
}
