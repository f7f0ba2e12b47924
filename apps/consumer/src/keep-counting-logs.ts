import type { Logger } from '@runnel/observability'
import type { Database } from '@runnel/repositories-database'
import { foldLogCounts, sweepLogCounts, type SweptCounts } from '@runnel/repositories-events'
import { pause } from '@runnel/runtime'

export interface CountLogsOptions {
  readonly log: Logger
  readonly database: Database
  readonly signal: AbortSignal
  /** Called for each day whose counts were compared with its entries. */
  readonly onSwept: (swept: SweptCounts) => void
}

/** How often appended counts are folded. Reads add up both, so that they are never behind. */
const FOLD_MS = 5000
/** How often the counts of a day that is over are compared with its entries: all of its entries are read. */
const SWEEP_MS = 3_600_000

/**
 * Folds what batches have appended to the counts of logs, and compares the counts of days that are over with the entries. Every replica
 * does it; a lock makes them take turns. Resolves when the signal aborts.
 */
export async function keepCountingLogs(options: CountLogsOptions): Promise<void> {
  const { log, database, signal } = options
  let isFull = false
  let sweptAt = performance.now()
  while (!signal.aborted) {
    if (!isFull) await pause(FOLD_MS, signal)
    if (signal.aborted) return
    isFull = false
    try {
      isFull = (await foldLogCounts(database)).isFull
      if (isFull || performance.now() - sweptAt < SWEEP_MS) continue
      sweptAt = performance.now()
      await sweep(options)
    } catch (error) {
      log.warn({ err: error }, 'counts of logs could not be folded or checked; it will be tried again')
    }
  }
}

async function sweep({ log, database, onSwept }: CountLogsOptions): Promise<void> {
  const swept = await sweepLogCounts(database)
  if (swept.dayMs === undefined) return
  onSwept(swept)
  if (swept.agrees) return
  log.warn(
    { day: new Date(swept.dayMs).toISOString().slice(0, 10) },
    'the counts of the logs of a day differ from its entries, and are not used; npm run log-counters -- --rebuild counts them anew',
  )
}
