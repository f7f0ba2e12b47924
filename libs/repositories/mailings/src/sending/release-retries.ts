import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

/**
 * Gives leased messages back that were not sent, nor may have been before. Those that another replica has leased meanwhile
 * are not changed.
 */
export async function releaseRetries(
  { kysely }: Database,
  token: string,
  messageIds: readonly number[],
): Promise<void> {
  if (messageIds.length === 0) return
  await sql`
    update retry set lease_token = null, lease_owner = null, leased_until = null
    where message_id = any(${sql.val(messageIds)}::bigint[]) and lease_token = ${token}`.execute(kysely)
}
