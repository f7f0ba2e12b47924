import type { ChannelName } from '@runnel/contracts'
import { sql, type RawBuilder } from 'kysely'

/** Everything that is given has to match. */
export interface ClientFilter {
  readonly operatorCode?: string | undefined
  readonly tag?: string | undefined
  /** In any of these: the names of one zone. */
  readonly timeZones?: readonly string[] | undefined
  readonly phone?: number | undefined
  readonly optedOut?: boolean | undefined
  /** In any case of its letters. */
  readonly email?: string | undefined
  /** Clients that have an address of it. */
  readonly channel?: ChannelName | undefined
}

/** The condition of a filter on the columns of `client`. */
export function clientConditions({
  operatorCode,
  tag,
  timeZones,
  phone,
  optedOut,
  email,
  channel,
}: ClientFilter): RawBuilder<boolean> {
  const conditions = [sql<boolean>`true`]
  if (operatorCode !== undefined) conditions.push(sql`operator_code = ${operatorCode}`)
  if (tag !== undefined) conditions.push(sql`tag = ${tag}`)
  if (timeZones !== undefined) conditions.push(sql`time_zone = any(${[...timeZones]}::text[])`)
  if (phone !== undefined) conditions.push(sql`phone = ${phone}`)
  if (optedOut !== undefined) conditions.push(sql`(opted_out_at is not null) = ${optedOut}`)
  if (email !== undefined) conditions.push(sql`lower(email) = lower(${email})`)
  if (channel === 'email') conditions.push(sql`email is not null`)
  if (channel === 'webhook') conditions.push(sql`webhook_url is not null`)
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`
}
