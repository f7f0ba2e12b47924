import { AppError } from '@runnel/contracts'
import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { writeAudit } from '../write-audit.ts'
import { NOTIFICATION_COLUMNS, toStoredNotification, type NotificationRow } from './stored-notification.ts'
import type { StoredNotification } from './stored-notification.ts'

/**
 * A person has a notification sent again that failed or may not have arrived: with the same id, by which its receiver may
 * recognise it.
 *
 * @param giveUpMs after which no attempt begins
 * @throws AppError not_found, or conflict where it is under way or was sent
 */
export async function sendNotificationAgain(
  { kysely }: Database,
  id: number,
  { actor, giveUpMs }: { actor: string; giveUpMs: number },
): Promise<StoredNotification> {
  return kysely.transaction().execute(async (trx) => {
    const { rows } = await sql<{ state: string; target: string }>`
      select state, target from notification where id = ${id} for update`.execute(trx)
    const found = rows[0]
    if (!found) throw new AppError('not_found', 'There is no such notification')
    if (found.state !== 'in_doubt' && found.state !== 'failed')
      throw new AppError(
        'conflict',
        `The notification is ${found.state}: only one that failed or is in doubt can be sent again`,
        { extra: { state: found.state } },
      )
    const { rows: changed } = await sql<NotificationRow>`
      update notification set state = 'pending', attempts = 0, reason = null, finished_at = null, transfer_at = null,
        due_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => ${giveUpMs / 1000}::float8)
      where id = ${id} returning ${NOTIFICATION_COLUMNS}`.execute(trx)
    const detail = { target: found.target, was: found.state }
    await writeAudit(trx, { actor, action: 'send_again', subject: 'notification', subjectId: id, detail })
    return toStoredNotification(changed[0]!)
  })
}
