import type { ChannelName } from '@runnel/contracts'
import { sql, type RawBuilder } from 'kysely'

/** Everything that is given has to match. */
export interface ClientFilter {
  readonly operatorCode?: string | undefined
  readonly tag?: string | undefined
  /** In any of these: the names of one zone. */
  readonly timeZones?: readonly string[] | undefined
  readonly phone?: number | undefined
  /** One of these. */
  readonly phones?: readonly number[] | undefined
  readonly optedOut?: boolean | undefined
  /** In any case of its letters. */
  readonly email?: string | undefined
  /** Clients that have an address of it. */
  readonly channel?: ChannelName | undefined
  /** Part of the phone, the tag, the e-mail address or the value of an attribute, in any case of its letters. */
  readonly text?: string | undefined
}

/** The condition of a filter on the columns of `client`. */
export function clientConditions({
  operatorCode,
  tag,
  timeZones,
  phone,
  phones,
  optedOut,
  email,
  channel,
  text,
}: ClientFilter): RawBuilder<boolean> {
  const conditions = [sql<boolean>`true`]
  if (operatorCode !== undefined) conditions.push(sql`operator_code = ${operatorCode}`)
  if (tag !== undefined) conditions.push(sql`tag = ${tag}`)
  if (timeZones !== undefined) conditions.push(sql`time_zone = any(${[...timeZones]}::text[])`)
  if (phone !== undefined) conditions.push(sql`phone = ${phone}`)
  if (phones !== undefined) conditions.push(sql`phone = any(${[...phones]}::bigint[])`)
  if (optedOut !== undefined) conditions.push(sql`(opted_out_at is not null) = ${optedOut}`)
  if (email !== undefined) conditions.push(sql`lower(email) = lower(${email})`)
  if (channel === 'email') conditions.push(sql`email is not null`)
  if (channel === 'webhook') conditions.push(sql`webhook_url is not null`)
  if (text !== undefined) conditions.push(contains(text))
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

/** What a phone may be written with. */
const PHONE_TEXT = /^\+?[\d\s().-]+$/

/** No index helps: the caller bounds how much is looked at. */
function contains(text: string): RawBuilder<boolean> {
  const part = sql`lower(${text}::text)`
  const digits = text.replaceAll(/\D/g, '')
  const inPhone =
    PHONE_TEXT.test(text) && digits !== '' ? sql`strpos(phone::text, ${digits}) > 0` : sql`false`
  return sql<boolean>`(${inPhone} or strpos(lower(tag), ${part}) > 0 or strpos(lower(coalesce(email, '')), ${part}) > 0
    or exists (select from jsonb_each_text(attributes) a where strpos(lower(a.value), ${part}) > 0))`
}
