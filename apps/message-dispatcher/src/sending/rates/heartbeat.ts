import type { Logger } from '@runnel/observability'
import { beat, stopBeating, type Database } from '@runnel/repositories'
import { pause } from '@runnel/runtime'
import { randomUUID } from 'node:crypto'

export interface HeartbeatOptions {
  readonly database: Database
  readonly log: Logger
  readonly intervalMs?: number
  /** A replica that is silent for longer counts as dead. */
  readonly deadAfterMs?: number
}

export interface Heartbeat {
  /** How many live, this one included. Undefined until the others can have noticed this one. */
  replicas(): number | undefined
  /** Beats until the signal aborts, and says good-bye then. Never rejects. */
  run(signal: AbortSignal): Promise<void>
}

const INTERVAL_MS = 5000
const DEAD_AFTER_MS = 15_000

/** One row of each replica, written at a fixed pace; the last count holds while the database is away. */
export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { database, log, intervalMs = INTERVAL_MS, deadAfterMs = DEAD_AFTER_MS } = options
  const id = randomUUID()
  let count: number | undefined
  let beats = 0

  async function once(): Promise<void> {
    try {
      count = await beat(database, id, deadAfterMs)
      beats++
    } catch (err) {
      log.debug({ err }, 'no heartbeat: the database is away')
    }
  }

  return {
    // With the second beat, every other one has counted this one.
    replicas: () => (beats > 1 || count === 1 ? count : undefined),
    async run(signal) {
      while (!signal.aborted) {
        await once()
        await pause(intervalMs, signal)
      }
      await stopBeating(database, id).catch(() => {})
    },
  }
}
