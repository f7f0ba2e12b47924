import type { ChannelName } from '@runnel/contracts'
import { sql, type RawBuilder } from 'kysely'
import { addressIn, isAddressChannel, isSuppressedIn } from '../clients/channel-address.ts'

/** Whom a mailing is for; an empty list leaves none out. */
export interface AudienceFilter {
  readonly operatorCodes: readonly string[]
  readonly tags: readonly string[]
  /** Mailings: clients to whom a message of one of them was sent. */
  readonly received?: readonly number[]
  /** Mailings: clients to whom no message of any of them was sent, or may have been. */
  readonly notReceived?: readonly number[]
  /** How it reaches them: clients without an address of it are left out. Default: the gateway. */
  readonly channel?: ChannelName
}

/** Ids of clients: those greater than one, up to another. */
export interface ClientRange {
  readonly afterId: number
  readonly throughId: number
}

/**
 * The one condition by which a client belongs to a mailing's audience; both the count that people are shown and the
 * messages that are made go by it. The table `client` has to be named `c`.
 *
 * @param range of the clients that are looked at, where it is known: it bounds what is read of other mailings
 */
export function inAudience(filter: AudienceFilter, range?: ClientRange): RawBuilder<boolean> {
  const { channel = 'gateway' } = filter
  if (!isAddressChannel(channel)) return fits(filter, range)
  return sql<boolean>`(${fits(filter, range)} and ${addressIn(channel, 'c')} is not null
    and not ${isSuppressedIn(channel, 'c')})`
}

/** The condition of clients that belong to it but for an address, which they lack. */
export function lacksAddress(filter: AudienceFilter): RawBuilder<boolean> {
  const { channel = 'gateway' } = filter
  if (!isAddressChannel(channel)) return sql<boolean>`false`
  return sql<boolean>`(${fits(filter)} and ${addressIn(channel, 'c')} is null)`
}

function fits(
  { operatorCodes, tags, received = [], notReceived = [] }: AudienceFilter,
  range?: ClientRange,
): RawBuilder<boolean> {
  const conditions = [sql<boolean>`c.opted_out_at is null`]
  if (operatorCodes.length > 0)
    conditions.push(sql<boolean>`c.operator_code = any(${[...operatorCodes]}::text[])`)
  if (tags.length > 0) conditions.push(sql<boolean>`c.tag = any(${[...tags]}::text[])`)
  if (received.length > 0) conditions.push(hasMessage(received, sql`('sent')`, range))
  if (notReceived.length > 0)
    conditions.push(sql<boolean>`not ${hasMessage(notReceived, sql`('sent', 'unknown')`, range)}`)
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

function hasMessage(
  mailingIds: readonly number[],
  statuses: RawBuilder<unknown>,
  range: ClientRange | undefined,
): RawBuilder<boolean> {
  const within = range ? sql`and r.client_id > ${range.afterId} and r.client_id <= ${range.throughId}` : sql``
  return sql<boolean>`exists (select from message r where r.mailing_id = any(${[...mailingIds]}::bigint[])
    and r.client_id = c.id and r.status in ${statuses} ${within})`
}
