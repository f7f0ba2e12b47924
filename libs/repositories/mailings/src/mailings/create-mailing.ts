import { AppError } from '@runnel/contracts'
import type { Database } from '@runnel/repositories-database'
import { writeAudit } from '../write-audit.ts'
import { withAuthors } from './author-names.ts'
import { checkTimes } from './check-times.ts'
import { keepText } from './list-mailing-texts.ts'
import type { Act, ActResult } from './lock-mailing.ts'
import { requireMailings } from './require-mailings.ts'
import { type MailingDraft, toColumns, toMailing } from './stored-mailing.ts'

export interface CreateOptions extends Act {
  /** It does not start before it is scheduled. */
  readonly draft: boolean
  /** Idempotency key: the first mailing that was made with it is the answer again, as it is by now. */
  readonly requestKey?: string | undefined
}

/**
 * @returns the mailing; `changed` is false where the key has made it before
 * @throws AppError invalid_field for times that cannot be and mailings that the filter names and that do not exist, conflict where the mailing of the key was deleted
 */
export function createMailing(
  database: Database,
  draft: MailingDraft,
  options: CreateOptions,
): Promise<ActResult> {
  const { actor, nowMs, draft: isDraft, requestKey } = options
  return database.kysely.transaction().execute(async (trx) => {
    if (requestKey !== undefined) {
      const former = await trx
        .selectFrom('mailing')
        .selectAll()
        .where('request_key', '=', requestKey)
        .executeTakeFirst()
      if (former) return again(former)
    }
    checkTimes(draft, nowMs)
    await requireMailings(trx, draft)
    const now = new Date(nowMs)
    const row = await trx
      .insertInto('mailing')
      .values({
        ...toColumns(draft),
        status: isDraft ? 'draft' : 'scheduled',
        request_key: requestKey ?? null,
        authors: withAuthors([], options),
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.column('request_key').doNothing())
      .returningAll()
      .executeTakeFirst()
    if (!row) {
      // A request with the same key was faster, and has committed: the insertion waited for that.
      const first = await trx
        .selectFrom('mailing')
        .selectAll()
        .where('request_key', '=', requestKey!)
        .executeTakeFirstOrThrow()
      return again(first)
    }
    await writeAudit(trx, { actor, action: 'create', subject: 'mailing', subjectId: row.id, detail: draft })
    const mailing = toMailing(row)
    await keepText(trx, mailing, nowMs)
    return { mailing, changed: true }
  })
}

function again(row: Parameters<typeof toMailing>[0]): ActResult {
  if (row.deleted_at === null) return { mailing: toMailing(row), changed: false }
  throw new AppError('conflict', 'The mailing that was made with this key has been deleted', {
    field: 'idempotency-key',
    expected: 'a new key',
  })
}
