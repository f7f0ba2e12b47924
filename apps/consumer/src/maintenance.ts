import type { Logger } from '@runnel/observability'
import {
  applyRetention,
  type Database,
  type DatabaseClock,
  type PartitionWindow,
  type Retention,
  type Timekeeper,
} from '@runnel/repositories-database'
import { purgeDeadLetters, purgeKeys } from '@runnel/repositories-events'
import { pause } from '@runnel/runtime'

export interface MaintenanceOptions extends PartitionWindow {
  readonly log: Logger
  readonly database: Database
  readonly keyRetentionHours: number
  readonly deadLetters: Retention
  readonly intervalMs: number
  readonly clock: Pick<DatabaseClock, 'nowMs'>
  readonly timekeeper: Pick<Timekeeper, 'check' | 'nowMs'>
  readonly signal: AbortSignal
}

/**
 * Keeps the partitions of the coming days ready, removes those past their retention by the database's clock, and forgets old
 * keys and dead letters. Every replica does it; advisory locks make them take turns. Resolves when the signal aborts.
 */
export async function runMaintenance(options: MaintenanceOptions): Promise<void> {
  const { log, signal, intervalMs } = options
  while (!signal.aborted) {
    try {
      await maintainOnce(options)
    } catch (error) {
      log.warn({ err: error }, 'maintenance failed; it will be tried again')
    }
    await pause(intervalMs, signal)
  }
}

async function maintainOnce(options: MaintenanceOptions): Promise<void> {
  const { log, database, signal } = options
  const applied = await applyRetention({ ...options, databaseMs: () => options.clock.nowMs() })
  const { removed, suspended, keysBeforeMs } = applied
  const keys = await purgeKeys(database, keysBeforeMs, signal)
  if (removed.length > 0 || keys > 0) log.info({ removed, keys }, 'old data removed')
  if (suspended) {
    log.warn(
      'the removal of old events is suspended: more than two days would go at once; see npm run retention',
    )
  }
  const { aged, excess } = await purgeDeadLetters(database, options.deadLetters, signal)
  if (aged > 0) log.info({ aged }, 'old dead letters removed')
  if (excess > 0) log.warn({ excess }, 'the oldest dead letters removed: they took too much room')
}
