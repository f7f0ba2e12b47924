import { readSizedPage, type Database, type PageLimits, type SizedPage } from '@runnel/repositories-database'
import { sql, type Transaction } from 'kysely'
import type { Schema } from '@runnel/repositories-database'
import type { StoredMailing } from './stored-mailing.ts'

/** The text of a mailing from one version on, up to the next one in the list. */
export interface StoredMailingText {
  readonly version: number
  readonly text: string
  readonly subject: string | null
  readonly at: Date
}

/** Keeps the text that a mailing has from now on, in the transaction that gives it one. Safe to repeat. */
export async function keepText(
  trx: Transaction<Schema>,
  { id, version, text, subject }: Pick<StoredMailing, 'id' | 'version' | 'text' | 'subject'>,
  nowMs: number,
): Promise<void> {
  await trx
    .insertInto('mailing_text')
    .values({ mailing_id: id, version, template: text, subject, at: new Date(nowMs) })
    .onConflict((conflict) =>
      conflict.columns(['mailing_id', 'version']).doUpdateSet((row) => ({
        template: row.ref('excluded.template'),
        subject: row.ref('excluded.subject'),
        at: row.ref('excluded.at'),
      })),
    )
    .execute()
}

/**
 * The texts that a mailing has had, the latest first; those of a deleted one too.
 *
 * @param beforeVersion of the last one of the page before
 */
export async function listMailingTexts(
  database: Database,
  mailingId: number,
  limits: PageLimits,
  beforeVersion?: number,
): Promise<SizedPage<StoredMailingText>> {
  let query = database.kysely
    .selectFrom('mailing_text')
    .select(['version', 'template as text', 'subject', 'at'])
    .where('mailing_id', '=', mailingId)
    .orderBy('version', 'desc')
    .limit(limits.items + 1)
  // Versions are integers of four bytes; a cursor may hold any id.
  if (beforeVersion !== undefined) query = query.where(sql<boolean>`version < ${beforeVersion}::bigint`)
  return readSizedPage<StoredMailingText>(
    database,
    {
      rows: query,
      size: sql`octet_length(text) + coalesce(octet_length(subject), 0)`,
      order: sql`version desc`,
    },
    limits,
  )
}
