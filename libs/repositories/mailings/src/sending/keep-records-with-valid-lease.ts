import { sql, type Transaction } from 'kysely'
import { lockStatuses } from '../messages/lock-messages.ts'
import type { Schema } from '@runnel/repositories-database'
import { milliseconds } from './send-conditions.ts'
import type { SendRecord } from './send-types.ts'

/** A lease that ends sooner is made longer, so that it outlasts the transaction. */
const TRANSACTION_MS = 10_000

/**
 * Leaves out records whose lease was lost. That the gateway accepted a message is a fact, and its record always stays. Any
 * other record stays only while its lease is valid and the message is still as it was when it was leased, so that no other
 * replica is about to send it: were a `retry` recorded twice, the second one would free a lease under which the message
 * may be on its way.
 *
 * Locks chunks, then messages, then rows of `retry`: the order that every transaction keeps.
 */
export async function keepRecordsWithValidLease(
  trx: Transaction<Schema>,
  records: readonly SendRecord[],
): Promise<readonly SendRecord[]> {
  if (records.every(({ to }) => to === 'sent')) return records
  const chunks = await holdChunks(trx, records)
  const statuses = await lockStatuses(
    trx,
    records.map(({ messageId }) => messageId),
  )
  const retries = await holdRetries(trx, records)
  return records.filter(({ to, messageId, lease: { token, chunkId } }) => {
    if (to === 'sent') return true
    if (chunkId === undefined) return retries.get(messageId) === token && statuses.get(messageId) === 'retry'
    return chunks.get(chunkId) === token && statuses.get(messageId) === 'pending'
  })
}

/** @returns tokens of chunks whose leases are valid and stay so until the transaction ends, by chunk */
async function holdChunks(trx: Transaction<Schema>, records: readonly SendRecord[]) {
  const leases = new Map<number, string>()
  for (const { to, lease } of records) {
    if (to !== 'sent' && lease.chunkId !== undefined) leases.set(lease.chunkId, lease.token)
  }
  return hold(trx, { table: 'send_chunk', key: 'id', leases, open: sql`and t.closed_at is null` })
}

/** @returns the same of messages that are leased for themselves */
async function holdRetries(trx: Transaction<Schema>, records: readonly SendRecord[]) {
  const leases = new Map<number, string>()
  for (const { to, messageId, lease } of records) {
    if (to !== 'sent' && lease.chunkId === undefined) leases.set(messageId, lease.token)
  }
  return hold(trx, { table: 'retry', key: 'message_id', leases, open: sql`` })
}

interface Holding {
  readonly table: 'send_chunk' | 'retry'
  readonly key: 'id' | 'message_id'
  readonly leases: ReadonlyMap<number, string>
  readonly open: ReturnType<typeof sql>
}

async function hold(trx: Transaction<Schema>, { table, key, leases, open }: Holding) {
  if (leases.size === 0) return new Map<number, string>()
  const input = JSON.stringify([...leases].map(([id, token]) => ({ id, token })))
  const { rows } = await sql<{ id: number; token: string }>`
    with leased as materialized (
      select t.${sql.ref(key)} as id, t.lease_token, t.leased_until <= clock_timestamp() + ${milliseconds(TRANSACTION_MS)} as short
      from ${sql.table(table)} t join json_to_recordset(${input}::json) as i(id bigint, token uuid)
        on i.id = t.${sql.ref(key)} and i.token = t.lease_token ${open}
    ), prolonged as (
      update ${sql.table(table)} t set leased_until = clock_timestamp() + ${milliseconds(TRANSACTION_MS)}
      from leased where leased.short and t.${sql.ref(key)} = leased.id and t.lease_token = leased.lease_token ${open}
      returning leased.id
    )
    select id, lease_token as token from leased where not short or id in (select id from prolonged)`.execute(
    trx,
  )
  return new Map(rows.map(({ id, token }) => [id, token]))
}
