import { ADDRESS_CHANNELS, type AddressChannel, type ChannelName } from '@runnel/contracts'
import { sql, type RawBuilder } from 'kysely'

/** Columns of clients that hold their addresses. */
const COLUMNS: Readonly<Record<AddressChannel, string>> = { email: 'email', webhook: 'webhook_url' }

/** What an address is compared by: people write e-mail addresses in any case, whatever their servers make of it. */
const KEYS: Readonly<Record<AddressChannel, (address: RawBuilder<unknown>) => RawBuilder<string>>> = {
  email: (address) => sql`lower(${address})`,
  webhook: (address) => sql`${address}`,
}

export const isAddressChannel = (channel: ChannelName): channel is AddressChannel =>
  ADDRESS_CHANNELS.some((one) => one === channel)

/** Of the clients with an alias, the address of a channel. */
export const addressIn = (channel: AddressChannel, alias: string): RawBuilder<string | null> =>
  sql`${sql.ref(`${alias}.${COLUMNS[channel]}`)}`

/** An address as `suppressed_address` has it. */
export const addressKey = (channel: AddressChannel, address: RawBuilder<unknown>): RawBuilder<string> =>
  KEYS[channel](address)

/** Whether it gets no messages by the channel. */
export const isSuppressedIn = (channel: AddressChannel, alias: string): RawBuilder<boolean> =>
  sql`exists (select from suppressed_address a
    where a.channel = ${channel} and a.address = ${addressKey(channel, addressIn(channel, alias))})`

const byChannel = <T>(of: (channel: AddressChannel) => RawBuilder<T>, otherwise: RawBuilder<T>) =>
  sql<T>`case g.channel ${sql.join(
    ADDRESS_CHANNELS.map((channel) => sql`when ${sql.lit(channel)} then ${of(channel)}`),
    sql` `,
  )} else ${otherwise} end`

/** Of a client with this alias, the address of the channel of the mailing `g`; null where it has none. */
export const addressOf = (alias: string): RawBuilder<string | null> =>
  byChannel((channel) => addressIn(channel, alias), sql`null`)

/** Whether that address gets no messages by that channel. */
export const isAddressSuppressed = (alias: string): RawBuilder<boolean> =>
  byChannel((channel) => isSuppressedIn(channel, alias), sql`false`)
