import type { Database } from '@runnel/repositories-database'
import { writeAudit } from '../write-audit.ts'
import { lockMailing, updateMailing } from './lock-mailing.ts'

/** Stands in the audit log where no person acted. */
const ACTOR = 'message-dispatcher'

export interface RestOptions {
  /** Of the mailing as it was read: an edit may have mended it. */
  readonly version: number
  /** A short code, for people. */
  readonly reason: string
  readonly nowMs: number
}

/**
 * Pauses a running mailing of which nothing can be sent as it is, until a person has edited and resumed it.
 *
 * @returns whether it rests by this
 * @throws AppError not_found
 */
export function restMailing({ kysely }: Database, id: number, options: RestOptions): Promise<boolean> {
  const { version, reason, nowMs } = options
  return kysely.transaction().execute(async (trx) => {
    const row = await lockMailing(trx, id)
    if (row.status !== 'running' || row.version !== version) return false
    await updateMailing(trx, id, { actor: ACTOR, nowMs }, { status: 'paused', rest_reason: reason })
    const detail = { from: row.status, to: 'paused', reason }
    await writeAudit(trx, { actor: ACTOR, action: 'rest', subject: 'mailing', subjectId: id, detail })
    return true
  })
}
