import type { Logger } from '@runnel/observability'
import type { Database } from '@runnel/repositories-database'
import { joinEdges, type JoinedEdges } from '@runnel/repositories-events'
import { pause } from '@runnel/runtime'

export interface JoinEdgesOptions {
  readonly log: Logger
  readonly database: Database
  readonly signal: AbortSignal
  /** Called after each commit. */
  readonly onJoined: (joined: JoinedEdges) => void
}

/** How often calls are looked for whose caller may have come. */
const INTERVAL_MS = 1000

/** Counts the edges of the service map, again and again. Every replica does it. Resolves when the signal aborts. */
export async function keepJoiningEdges({ log, database, signal, onJoined }: JoinEdgesOptions): Promise<void> {
  let isFull = false
  while (!signal.aborted) {
    if (!isFull) await pause(INTERVAL_MS, signal)
    if (signal.aborted) return
    try {
      const joined = await joinEdges(database)
      onJoined(joined)
      isFull = joined.isFull
    } catch (error) {
      isFull = false
      log.warn({ err: error }, 'calls between services could not be counted; it will be tried again')
    }
  }
}
