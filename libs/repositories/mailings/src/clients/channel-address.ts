import { sql, type RawBuilder } from 'kysely'

/** Of a client with this alias, the address of the channel of the mailing `g`; null where it has none. */
export const addressOf = (alias: string): RawBuilder<string | null> =>
  sql`case g.channel when 'email' then ${sql.ref(`${alias}.email`)} when 'webhook' then ${sql.ref(`${alias}.webhook_url`)} end`

/** Whether that address gets no messages by that channel. */
export const isAddressSuppressed = (alias: string): RawBuilder<boolean> =>
  sql`exists (select from suppressed_address a where a.channel = g.channel
    and a.address = case g.channel when 'email' then lower(${sql.ref(`${alias}.email`)}) else ${sql.ref(`${alias}.webhook_url`)} end)`
