import type { MailingStatus } from '@runnel/contracts'
import { readSizedPage, type Database, type PageLimits, type SizedPage } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { nameContains } from './name-contains.ts'
import { noMailing } from './lock-mailing.ts'
import { type MailingRow, type StoredMailing, toMailing } from './stored-mailing.ts'

export interface MailingListOptions {
  readonly limits: PageLimits
  readonly status?: MailingStatus | undefined
  /** Part of the name, in any case. */
  readonly name?: string | undefined
  /** Tests of this mailing. Default: mailings that are no tests. */
  readonly testOf?: number | undefined
  /** Mailings that had started before `activeToMs`, and had not finished before `activeFromMs`: milliseconds since 1970. */
  readonly activeFromMs?: number | undefined
  readonly activeToMs?: number | undefined
  /** Mailings that are older: with lesser ids. */
  readonly beforeId?: number | undefined
}

/** Mailings, the newest first; deleted ones and tests left out. */
export async function listMailings(
  database: Database,
  { limits, status, name, testOf, activeFromMs, activeToMs, beforeId }: MailingListOptions,
): Promise<SizedPage<StoredMailing>> {
  let query = database.kysely
    .selectFrom('mailing')
    .selectAll()
    .where('deleted_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(limits.items + 1)
  query = testOf === undefined ? query.where('test_of', 'is', null) : query.where('test_of', '=', testOf)
  if (status !== undefined) query = query.where('status', '=', status)
  if (name !== undefined) query = query.where(nameContains(name))
  if (activeToMs !== undefined) query = query.where('started_at', '<', new Date(activeToMs))
  if (activeFromMs !== undefined)
    query = query
      .where('started_at', 'is not', null)
      .where((is) => is.or([is('finished_at', 'is', null), is('finished_at', '>=', new Date(activeFromMs))]))
  if (beforeId !== undefined) query = query.where('id', '<', beforeId)
  const size = sql`octet_length(template) + octet_length(name) + octet_length(operator_codes::text) + octet_length(tags::text)`
  const page = await readSizedPage<MailingRow>(database, { rows: query, size, order: sql`id desc` }, limits)
  return { ...page, items: page.items.map(toMailing) }
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
