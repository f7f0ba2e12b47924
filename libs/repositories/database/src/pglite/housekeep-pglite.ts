import { pause } from '@runnel/runtime'
import { sql } from 'kysely'
import type { Database } from '../database.ts'

export interface HousekeepingOptions {
  /** Ends it. */
  readonly signal: AbortSignal
  /** Receives what failed; it is tried again at its next time. */
  readonly onError: (error: unknown) => void
}

const LOOK_MS = 5000
const VACUUM_MS = 3_600_000

/** A process that was killed reads at most about this much at its next start. */
const CHECKPOINT_BYTES = 32 * 1024 ** 2

/**
 * What the background processes of a server do, which PGlite has not: checkpoints, without which the write-ahead log grows
 * for ever (and is read whole after a kill), and vacuum. Table by table, for each of them makes all queries wait.
 * Resolves when the signal aborts.
 */
export async function housekeepPGlite(
  database: Database,
  { signal, onError }: HousekeepingOptions,
): Promise<void> {
  let vacuumedAt = performance.now()
  while (!signal.aborted) {
    await pause(LOOK_MS, signal)
    if (signal.aborted) return
    try {
      await checkpointWhenDue(database)
      if (performance.now() - vacuumedAt < VACUUM_MS) continue
      vacuumedAt = performance.now()
      await vacuum(database, signal)
    } catch (error) {
      onError(error)
    }
  }
}

/** @returns whether it was due */
export async function checkpointWhenDue({ kysely }: Database): Promise<boolean> {
  const { rows } = await sql<{ bytes: number }>`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::float8 as bytes from pg_control_checkpoint()`.execute(
    kysely,
  )
  if ((rows[0]?.bytes ?? 0) < CHECKPOINT_BYTES) return false
  await sql`checkpoint`.execute(kysely)
  return true
}

async function vacuum({ kysely }: Database, signal: AbortSignal): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relkind = 'r' and relnamespace = current_schema()::regnamespace order by relname`.execute(kysely)
  for (const { name } of rows) {
    if (signal.aborted) return
    await sql`vacuum (analyze) ${sql.id(name)}`.execute(kysely)
  }
}
