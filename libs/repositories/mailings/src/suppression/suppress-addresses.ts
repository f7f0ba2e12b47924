import type { AddressChannel } from '@runnel/contracts'
import type { Schema } from '@runnel/repositories-database'
import { sql, type Transaction } from 'kysely'
import { addressKey } from '../clients/channel-address.ts'
import { DEFAULT_REASON } from './suppress-phones.ts'

/** By which way an address came to the list: `one-click`: its owner has opted out by a link. */
export type AddressSource = 'api' | 'list_import' | 'one-click'

export interface NewSuppressedAddress {
  readonly address: string
  readonly reason?: string | undefined
  /** When the person opted out; default: now. */
  readonly optedOutAt?: Date | undefined
}

export interface AddressOrigin {
  readonly source: AddressSource
  readonly actor: string
  /** By whose message. */
  readonly mailingId?: number
  readonly clientId?: number
}

/**
 * Puts addresses of a channel on the list. One that is there, in whatever case of letters, stays as it is.
 *
 * @returns those that were not there, as the list has them
 */
export async function suppressAddresses(
  trx: Transaction<Schema>,
  channel: AddressChannel,
  addresses: readonly NewSuppressedAddress[],
  { source, actor, mailingId, clientId }: AddressOrigin,
): Promise<string[]> {
  if (addresses.length === 0) return []
  const records = addresses.map(({ address, reason = DEFAULT_REASON, optedOutAt }) => ({
    address,
    reason,
    opted_out_at: optedOutAt?.toISOString(),
  }))
  const key = addressKey(channel, sql`i.address`)
  const { rows } = await sql<{ address: string }>`
    insert into suppressed_address (channel, address, reason, source, actor, mailing_id, client_id, opted_out_at)
    select ${channel}, ${key}, i.reason, ${source}, ${actor}, ${mailingId ?? null}::bigint, ${clientId ?? null}::bigint,
      coalesce(i.opted_out_at, clock_timestamp())
    from json_to_recordset(${JSON.stringify(records)}::json) as i(address text, reason text, opted_out_at timestamptz)
    order by 2 on conflict (channel, address) do nothing returning address`.execute(trx)
  return rows.map(({ address }) => address)
}
