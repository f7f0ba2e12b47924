import type { AddressChannel } from '@runnel/contracts'
import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { addressIn, addressKey } from '../clients/channel-address.ts'
import type { AddressSource } from './suppress-addresses.ts'

/** An address that gets no messages by its channel. */
export interface StoredSuppressedAddress {
  readonly channel: AddressChannel
  readonly address: string
  /** In words of the one who added it. */
  readonly reason: string
  readonly source: AddressSource
  readonly actor: string
  readonly optedOutAt: Date
  readonly addedAt: Date
  /** By whose message its owner opted out. */
  readonly mailingId: number | null
  /** Of the client that has it now, or else of the one that opted out. */
  readonly clientId: number | null
}

const columns = (channel: AddressChannel) => sql`s.channel, s.address, s.reason, s.source, s.actor,
  s.opted_out_at as "optedOutAt", s.added_at as "addedAt", s.mailing_id as "mailingId", coalesce((
    select min(c.id) from client c where ${addressKey(channel, addressIn(channel, 'c'))} = s.address
  ), s.client_id) as "clientId"`

/** A page in the order of addresses. @param afterAddress of the last one of the page before */
export async function listSuppressedAddresses(
  { kysely }: Database,
  channel: AddressChannel,
  limit: number,
  afterAddress?: string,
): Promise<StoredSuppressedAddress[]> {
  const { rows } = await sql<StoredSuppressedAddress>`
    select ${columns(channel)} from suppressed_address s
    where s.channel = ${channel} ${afterAddress === undefined ? sql`` : sql`and s.address > ${afterAddress}`}
    order by s.address limit ${limit}`.execute(kysely)
  return rows
}

export async function findSuppressedAddress(
  { kysely }: Database,
  channel: AddressChannel,
  address: string,
): Promise<StoredSuppressedAddress | undefined> {
  const { rows } = await sql<StoredSuppressedAddress>`
    select ${columns(channel)} from suppressed_address s
    where s.channel = ${channel} and s.address = ${addressKey(channel, sql`${address}::text`)}`.execute(
    kysely,
  )
  return rows[0]
}
