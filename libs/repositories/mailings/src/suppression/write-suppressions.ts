import { isRolledBack, type Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { writeAudit } from '../write-audit.ts'
import { findSuppression, type StoredSuppression } from './read-suppressions.ts'
import { suppressPhones, type NewSuppression, type SuppressionOrigin } from './suppress-phones.ts'

/** Puts a phone on the list. @returns it as it is there, and whether it is new */
export async function addSuppression(
  database: Database,
  suppression: NewSuppression,
  origin: SuppressionOrigin,
): Promise<{ readonly stored: StoredSuppression; readonly created: boolean }> {
  const { phone, reason } = suppression
  for (;;) {
    const created = await database.kysely.transaction().execute(async (trx) => {
      const [added] = await suppressPhones(trx, [suppression], origin)
      if (added === undefined) return false
      const detail = { source: origin.source, ...(reason !== undefined && { reason }) }
      await writeAudit(trx, {
        actor: origin.actor,
        action: 'create',
        subject: 'suppression',
        subjectId: phone,
        detail,
      })
      return true
    })
    const stored = await findSuppression(database, phone)
    // Another request may have removed it in between.
    if (stored) return { stored, created }
  }
}

/**
 * Takes a phone off the list: its client gets messages again.
 *
 * @returns whether it was there
 */
export function removeSuppression({ kysely }: Database, phone: number, actor: string): Promise<boolean> {
  return kysely.transaction().execute(async (trx) => {
    const freed = await sql`
      update client set opted_out_at = null, updated_at = clock_timestamp()
      where phone = ${phone} and opted_out_at is not null`.execute(trx)
    const { rows } = await sql<{ reason: string; source: string }>`
      delete from suppression where phone = ${phone} returning reason, source`.execute(trx)
    if (rows.length === 0 && freed.numAffectedRows === 0n) return false
    await writeAudit(trx, {
      ...{ actor, action: 'delete', subject: 'suppression', subjectId: phone },
      detail: { ...rows[0] },
    })
    return true
  })
}

/** Notes that a list is imported. */
export async function startSuppressionImport({ kysely }: Database, actor: string): Promise<void> {
  await kysely
    .transaction()
    .execute((trx) => writeAudit(trx, { actor, action: 'import', subject: 'suppression', subjectId: null }))
}

/** A batch that was rolled back because of others is tried so often. */
const MAX_TRIES = 5

/** Puts a batch of a list on the list, all or nothing. @param batch each phone once @returns how many were not there */
export async function importSuppressions(
  { kysely }: Database,
  batch: readonly NewSuppression[],
  actor: string,
): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      const added = await kysely
        .transaction()
        .execute((trx) => suppressPhones(trx, batch, { source: 'list_import', actor }))
      return added.length
    } catch (error) {
      if (!isRolledBack(error) || tries === MAX_TRIES) throw error
    }
  }
}

/**
 * Repairs what versions before the list, and clients that were created at the same moment as an entry, left different: whoever
 * has opted out is on the list, and each client on it has opted out.
 *
 * @returns how many were put right
 */
export async function reconcileOptOuts({ kysely }: Database): Promise<number> {
  const added = await sql`
    insert into suppression (phone, reason, source, actor, opted_out_at)
    select c.phone, 'opted_out', 'client', 'unknown', c.opted_out_at from client c
    where c.opted_out_at is not null and not exists (select from suppression s where s.phone = c.phone)
    order by c.phone on conflict (phone) do nothing`.execute(kysely)
  const noted = await sql`
    update client c set opted_out_at = s.opted_out_at, updated_at = clock_timestamp()
    from suppression s where s.phone = c.phone and c.opted_out_at is null`.execute(kysely)
  return Number((added.numAffectedRows ?? 0n) + (noted.numAffectedRows ?? 0n))
}
