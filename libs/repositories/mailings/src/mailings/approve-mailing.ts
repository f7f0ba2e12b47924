import { AppError } from '@runnel/contracts'
import type { Database } from '@runnel/repositories-database'
import { writeAudit } from '../write-audit.ts'
import { requireOtherPerson } from './author-names.ts'
import { type Act, type ActResult, lockMailing, requireStatus, updateMailing } from './lock-mailing.ts'
import { type MailingRow, toMailing } from './stored-mailing.ts'

export interface ApproveOptions extends Act {
  /** The version that the person has seen: an approval is of what was read. */
  readonly version: number
}

/**
 * A person who did not write a mailing approves it as it is. It may come before the mailing is due.
 *
 * @throws AppError not_found, conflict for another version or state, forbidden for its authors
 */
export function approveMailing(database: Database, id: number, options: ApproveOptions): Promise<ActResult> {
  const { actor, nowMs, version } = options
  return database.kysely.transaction().execute(async (trx) => {
    const row = await lockMailing(trx, id)
    requireStatus(row, ['draft', 'scheduled', 'paused', 'completed'], 'approved')
    if (row.version !== version)
      throw new AppError('conflict', `The mailing was changed meanwhile: it has version ${row.version}`, {
        field: '/version',
        expected: String(row.version),
      })
    requireOtherPerson(row, options)
    if (row.approved_version === version) return { mailing: toMailing(row), changed: false }
    const mailing = await updateMailing(trx, id, options, {
      ...{ approved_version: version, approved_by: actor, approved_at: new Date(nowMs) },
    })
    const detail = { version }
    await writeAudit(trx, { actor, action: 'approve', subject: 'mailing', subjectId: id, detail })
    return { mailing, changed: true }
  })
}

/**
 * Of a mailing that needs an approval: nothing of it is sent that the second person has not seen.
 *
 * @throws AppError conflict
 */
export function requireApproved(row: MailingRow): void {
  if (!toMailing(row).approval?.missing) return
  throw new AppError('conflict', 'The mailing needs the approval of a person who did not write it', {
    field: 'approval',
    expected: 'POST /api/v1/mailings/:id/approve by another person',
  })
}
