import type { Database, Schema } from '@runnel/repositories-database'
import { sql, type Transaction } from 'kysely'
import { auditAccess } from './audit-access.ts'
import type { KeyChanges } from './directory/key-changes.ts'
import { readKeyChanges } from './read-key-changes.ts'

/** Something that was done to a key. */
interface KeyAudit {
  readonly actor: string
  readonly action: 'create' | 'rotate' | 'revoke'
  readonly detail: { readonly id: string; readonly [member: string]: unknown }
}

/** Receives what was changed once PostgreSQL has it, to announce it at once. */
export type OnChanged = (changes: KeyChanges) => void

/**
 * Changes keys in a transaction that holds the lock of `access_state`: changes happen one after the other, so that versions
 * become visible in their order.
 *
 * @param change receives the version that the changed key has to take
 */
export async function changeKeys<T>(
  { kysely }: Database,
  change: (trx: Transaction<Schema>, version: number) => Promise<T>,
  onChanged?: OnChanged,
): Promise<T> {
  const { value, changes } = await kysely.transaction().execute(async (trx) => {
    const { rows } = await sql<{ version: number }>`
      update access_state set version = version + 1 where name = 'keys' returning version`.execute(trx)
    if (!rows[0]) throw new Error('the row of access_state is missing')
    const value = await change(trx, rows[0].version)
    return { value, changes: await readKeyChanges(trx, rows[0].version - 1) }
  })
  onChanged?.(changes)
  return value
}

/** Notes what was done to a key, in the transaction in which it is done. */
export function auditKey(trx: Transaction<Schema>, entry: KeyAudit): Promise<void> {
  return auditAccess(trx, { ...entry, subject: 'key' })
}
