import type { Logger } from '@runnel/observability'
import type { Database } from '@runnel/repositories-database'
import { beat, stopBeating } from '@runnel/repositories-mailings'
import { pause } from '@runnel/runtime'
import { randomUUID } from 'node:crypto'

export interface HeartbeatOptions {
  readonly database: Database
  readonly log: Logger
  readonly intervalMs?: number
  /** A replica without a heartbeat for longer counts as dead. */
  readonly deadAfterMs?: number
}

export interface Heartbeat {
  /** Number of live replicas, this one included. Undefined until the others can have noticed this one. */
  replicas(): number | undefined
  /** Beats until the signal aborts, then removes the row of this replica. Never rejects. */
  run(signal: AbortSignal): Promise<void>
}

const INTERVAL_MS = 5000
const DEAD_AFTER_MS = 15_000

/** One row of each replica, written at a fixed pace. While the database is unreachable, the last count holds. */
export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { database, log, intervalMs = INTERVAL_MS, deadAfterMs = DEAD_AFTER_MS } = options
  const id = randomUUID()
  let count: number | undefined
  let beats = 0

  async function beatOnce(): Promise<void> {
    try {
      count = await beat(database, id, deadAfterMs)
      beats++
    } catch (err) {
      log.debug({ err }, 'no heartbeat: the database is unreachable')
    }
  }

  return {
    // By its second beat, every other replica has counted this one.
    replicas: () => (beats > 1 || count === 1 ? count : undefined),
    async run(signal) {
      while (!signal.aborted) {
        await beatOnce()
        await pause(intervalMs, signal)
      }
      await stopBeating(database, id).catch(() => {})
    },
  }
}
