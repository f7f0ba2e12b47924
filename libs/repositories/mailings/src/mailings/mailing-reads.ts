import type { MailingStatus } from '@runnel/contracts'
import type { Database } from '@runnel/repositories-database'
import { noMailing } from './lock-mailing.ts'
import { type StoredMailing, toMailing } from './stored-mailing.ts'

export interface MailingListOptions {
  readonly limit: number
  readonly status?: MailingStatus | undefined
  /** Mailings that are older: with lesser ids. */
  readonly beforeId?: number | undefined
}

/** Mailings, the newest first; deleted ones left out. */
export async function listMailings(
  { kysely }: Database,
  { limit, status, beforeId }: MailingListOptions,
): Promise<StoredMailing[]> {
  let query = kysely
    .selectFrom('mailing')
    .selectAll()
    .where('deleted_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(limit)
  if (status !== undefined) query = query.where('status', '=', status)
  if (beforeId !== undefined) query = query.where('id', '<', beforeId)
  return (await query.execute()).map(toMailing)
}

/** @throws AppError not_found, also for a deleted one */
export async function findMailing({ kysely }: Database, id: number): Promise<StoredMailing> {
  const row = await kysely
    .selectFrom('mailing')
    .selectAll()
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw noMailing(id)
  return toMailing(row)
}
