import type { Logger } from '@runnel/observability'
import { maintainPartitions, type Database, type PartitionWindow } from '@runnel/repositories-database'
import { purgeKeys } from '@runnel/repositories-events'
import { pause } from '@runnel/runtime'

export interface MaintenanceOptions extends PartitionWindow {
  readonly log: Logger
  readonly database: Database
  readonly keyRetentionHours: number
  readonly intervalMs: number
  readonly now: () => number
  readonly signal: AbortSignal
}

/**
 * Keeps the partitions of the coming days ready, removes those past their retention, and forgets old keys. Every replica
 * does it; advisory locks make them take turns. Resolves when the signal aborts.
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
  const removed = await maintainPartitions(options.database, options, options.now())
  const keys = await purgeKeys(options.database, options.keyRetentionHours, options.signal)
  if (removed.length > 0 || keys > 0) options.log.info({ removed, keys }, 'old data removed')
}
