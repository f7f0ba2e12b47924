import { AppError, type MailingStatus } from '@runnel/contracts'
import type { Transaction } from 'kysely'
import type { Schema } from '@runnel/repositories-database'
import { type MailingRow, type StoredMailing, toMailing } from './stored-mailing.ts'

/** Who does something, and when, in milliseconds since 1970. */
export interface Act {
  readonly actor: string
  readonly nowMs: number
  /**
   * Who that is, for the rule of the second person: of a key, also who made it, the first of them last. Names are in lower case.
   * Default: the actor alone.
   */
  readonly authorNames?: readonly string[] | undefined
}

/** What became of a mailing, and whether that is news: repeating what holds already changes nothing. */
export interface ActResult {
  readonly mailing: StoredMailing
  readonly changed: boolean
}

/**
 * A transaction that changes a mailing locks its row first, and only then anything else: of two people who act at once, the
 * second sees what the first did.
 *
 * @throws AppError not_found, also for a deleted one
 */
export async function lockMailing(trx: Transaction<Schema>, id: number): Promise<MailingRow> {
  const row = await trx
    .selectFrom('mailing')
    .selectAll()
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!row) throw noMailing(id)
  return row
}

export function noMailing(id: number): AppError {
  return new AppError('not_found', `There is no mailing ${id}`, { field: 'id' })
}

/** @param doing what cannot be done to a mailing in its state, e.g. `paused` */
export function wrongState(row: Pick<MailingRow, 'status'>, doing: string, expected: string): AppError {
  return new AppError('conflict', `A mailing that is ${row.status} cannot be ${doing}`, {
    field: 'status',
    expected,
    extra: { mailingStatus: row.status },
  })
}

/** @throws AppError conflict */
export function requireStatus(row: MailingRow, allowed: readonly MailingStatus[], doing: string): void {
  if (!allowed.includes(row.status)) throw wrongState(row, doing, allowed.join(' or '))
}

/** Changes a locked mailing. @returns it as it is now */
export async function updateMailing(
  trx: Transaction<Schema>,
  id: number,
  { nowMs }: Act,
  columns: Partial<MailingRow>,
): Promise<StoredMailing> {
  const row = await trx
    .updateTable('mailing')
    .set({ ...columns, updated_at: new Date(nowMs) })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toMailing(row)
}
