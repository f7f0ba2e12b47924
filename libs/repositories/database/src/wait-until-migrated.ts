import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from './database.ts'
import { requireMigrated } from './migrator.ts'
import { UnusableDatabaseError } from './unusable-database-error.ts'

const RETRY_MS = 1000

/**
 * Waits while the database is unreachable. An app that started before its database simply becomes ready later.
 *
 * @param onWait receives the reason, at every failed attempt
 * @throws UnusableDatabaseError as soon as the database answers without all migrations, or in an encoding that is not UTF8
 * @throws AbortError when the signal aborts first
 */
export async function waitUntilMigrated(
  database: Database,
  signal: AbortSignal,
  onWait: (error: unknown) => void,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    try {
      return await requireMigrated(database)
    } catch (error) {
      if (error instanceof UnusableDatabaseError) throw error
      onWait(error)
    }
    await sleep(RETRY_MS, undefined, { signal })
  }
}
