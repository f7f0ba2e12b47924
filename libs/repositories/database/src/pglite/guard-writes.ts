import type { PGlite } from '@electric-sql/pglite'
import { pause } from '@runnel/runtime'
import type { DatabaseConnection } from 'kysely'
import { DISK_FULL } from '../database-errors.ts'
import type { DiskGuard } from './disk-guard.ts'

const LOOK_MS = 100
const READ_ONLY = '25006'

export interface GuardOptions {
  readonly signal: AbortSignal
  /** Called whenever the disk becomes full, and when it has room again. */
  readonly onChange: (full: boolean, freeBytes: number) => unknown
}

/**
 * Measures the disk until the signal aborts. While it is full, PostgreSQL itself refuses every write: it is the only one that
 * knows which statements are writes.
 */
export async function guardWrites(pglite: PGlite, guard: DiskGuard, options: GuardOptions): Promise<void> {
  const { signal, onChange } = options
  guard.start()
  let shown = false
  for (;;) {
    if (guard.full !== shown) {
      shown = guard.full
      await pglite.exec(`set default_transaction_read_only = ${shown ? 'on' : 'off'}`)
      onChange(shown, guard.free())
      // The log before it is needed no more, and what it held is free again.
      if (shown && guard.hasRoomToRecover()) await pglite.exec('checkpoint')
    }
    await pause(LOOK_MS, signal)
    if (signal.aborted) return
    guard.look()
  }
}

/** Gives refused writes the code that a server has for a full disk, so that every app says the same. */
export function nameFullDisk(connection: DatabaseConnection): void {
  const execute = connection.executeQuery.bind(connection)
  connection.executeQuery = async (query, options) => {
    try {
      return (await execute(query, options)) as never
    } catch (error) {
      if ((error as { code?: string }).code !== READ_ONLY) throw error
      throw Object.assign(new Error('The disk is full: nothing is written', { cause: error }), {
        code: DISK_FULL,
      })
    }
  }
}
