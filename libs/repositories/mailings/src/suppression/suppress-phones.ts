import type { Schema } from '@runnel/repositories-database'
import { sql, type Transaction } from 'kysely'

/** By which way a phone came to the list. */
export type SuppressionSource = 'api' | 'client' | 'client_import' | 'list_import'

export interface NewSuppression {
  readonly phone: number
  readonly reason?: string | undefined
  /** When the person opted out; default: now. */
  readonly optedOutAt?: Date | undefined
}

export interface SuppressionOrigin {
  readonly source: SuppressionSource
  readonly actor: string
}

/** What is noted where no reason is given. */
export const DEFAULT_REASON = 'opted_out'

/**
 * Puts phones on the list, and notes it with their clients. A phone that is there stays as it is. Everything that locks both
 * locks the client first, and clients in the order of their phones.
 *
 * @param phones each once
 * @returns those that were not there
 */
export async function suppressPhones(
  trx: Transaction<Schema>,
  phones: readonly NewSuppression[],
  { source, actor }: SuppressionOrigin,
): Promise<number[]> {
  if (phones.length === 0) return []
  const records = phones.map(({ phone, reason = DEFAULT_REASON, optedOutAt }) => ({
    phone,
    reason,
    opted_out_at: optedOutAt?.toISOString(),
  }))
  const input = sql`json_to_recordset(${JSON.stringify(records)}::json)
    as i(phone bigint, reason text, opted_out_at timestamptz)`
  await sql`select from client c join ${input} on i.phone = c.phone order by c.phone for update of c`.execute(
    trx,
  )
  const { rows } = await sql<{ phone: number }>`
    insert into suppression (phone, reason, source, actor, opted_out_at)
    select phone, reason, ${source}, ${actor}, coalesce(opted_out_at, clock_timestamp()) from ${input} order by phone
    on conflict (phone) do nothing returning phone`.execute(trx)
  await sql`
    update client c set opted_out_at = s.opted_out_at, updated_at = clock_timestamp()
    from suppression s, ${input}
    where c.phone = i.phone and s.phone = i.phone and c.opted_out_at is null`.execute(trx)
  return rows.map(({ phone }) => phone)
}
