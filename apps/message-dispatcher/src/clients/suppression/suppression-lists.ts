import type { AddressChannel, ChannelName } from '@runnel/contracts'
import type { Database } from '@runnel/repositories-database'
import {
  importSuppressedAddresses,
  importSuppressions,
  type NewSuppressedAddress,
  type NewSuppression,
} from '@runnel/repositories-mailings'
import type { RowKind } from '../import/row-parsers.ts'
import { readSuppressedAddress, readSuppression } from './read-suppression.ts'

/** How the file of a channel is read and stored. */
export interface SuppressionList<T> {
  readonly kind: RowKind<T>
  /** Two rows with the same one are one entry. */
  keyOf(row: T): string | number
  /** Of a row of the file, what is stored. */
  entryOf(row: T): T
  /** @returns how many were not there */
  store(database: Database, batch: readonly T[], actor: string): Promise<number>
}

const PHONES: SuppressionList<NewSuppression> = {
  kind: { members: ['phone', 'ignored'], read: readSuppression },
  keyOf: ({ phone }) => phone,
  entryOf: ({ phone, reason, optedOutAt }) => ({ phone, reason, optedOutAt }),
  store: importSuppressions,
}

const addresses = (
  channel: AddressChannel,
  member: 'email' | 'webhookUrl',
  keyOf: (address: string) => string,
): SuppressionList<NewSuppressedAddress> => ({
  kind: { members: [member, 'ignored'], read: (row) => readSuppressedAddress(row, channel, member) },
  keyOf: ({ address }) => keyOf(address),
  entryOf: ({ address, reason, optedOutAt }) => ({ address, reason, optedOutAt }),
  store: (database, batch, actor) => importSuppressedAddresses(database, channel, batch, actor),
})

/** The type of an entry is the list's own business. */
export const SUPPRESSION_LISTS: Readonly<Record<ChannelName, SuppressionList<never>>> = {
  gateway: PHONES as unknown as SuppressionList<never>,
  email: addresses('email', 'email', (address) => address.toLowerCase()) as unknown as SuppressionList<never>,
  webhook: addresses('webhook', 'webhookUrl', (url) => url) as unknown as SuppressionList<never>,
}
