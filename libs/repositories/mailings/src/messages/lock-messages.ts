import type { MessageStatus } from '@runnel/contracts'
import { sql, type Transaction } from 'kysely'
import type { Schema } from '@runnel/repositories-database'

/** Locks messages until the transaction ends, in the order of their ids, as every transaction does. */
export async function lockMessages(trx: Transaction<Schema>, messageIds: readonly number[]): Promise<void> {
  // Rows that are not read would cost the driver more than the locks cost PostgreSQL.
  await sql`select count(*) from (${locked(messageIds)}) as locked`.execute(trx)
}

/**
 * Locks messages as {@link lockMessages} does.
 *
 * @returns their statuses, by id
 */
export async function lockStatuses(
  trx: Transaction<Schema>,
  messageIds: readonly number[],
): Promise<Map<number, MessageStatus>> {
  const { rows } = await locked(messageIds).execute(trx)
  return new Map(rows.map(({ id, status }) => [id, status]))
}

function locked(messageIds: readonly number[]) {
  return sql<{ id: number; status: MessageStatus }>`
    select id, status from message where id = any(${sql.val(messageIds)}::bigint[]) order by id for update`
}
