import { isRolledBack, type Database } from '@runnel/repositories-database'
import type { AddressChannel } from '@runnel/contracts'
import { sql } from 'kysely'
import { addressKey } from '../clients/channel-address.ts'
import { writeAudit } from '../write-audit.ts'
import { findSuppressedAddress, type StoredSuppressedAddress } from './read-suppressed-addresses.ts'
import { suppressAddresses, type AddressOrigin, type NewSuppressedAddress } from './suppress-addresses.ts'

/** An opt-out by the link in a message. */
export interface AddressOptOut {
  readonly channel: AddressChannel
  readonly address: string
  readonly mailingId: number
  readonly clientId: number
}

/** Its owner opts an address out of a channel; also where the client is gone. Safe to repeat. @returns whether it is new */
export function optOutAddress(database: Database, optOut: AddressOptOut): Promise<boolean> {
  const { channel, address, mailingId, clientId } = optOut
  const origin = { source: 'one-click', actor: `client ${clientId}`, mailingId, clientId } as const
  return add(database, channel, { address }, origin)
}

/** Puts an address on the list. @returns it as it is there, and whether it is new */
export async function addSuppressedAddress(
  database: Database,
  channel: AddressChannel,
  suppression: NewSuppressedAddress,
  origin: AddressOrigin,
): Promise<{ readonly stored: StoredSuppressedAddress; readonly created: boolean }> {
  for (;;) {
    const created = await add(database, channel, suppression, origin)
    const stored = await findSuppressedAddress(database, channel, suppression.address)
    // Another request may have removed it in between.
    if (stored) return { stored, created }
  }
}

function add(
  { kysely }: Database,
  channel: AddressChannel,
  suppression: NewSuppressedAddress,
  origin: AddressOrigin,
): Promise<boolean> {
  return kysely.transaction().execute(async (trx) => {
    const [address] = await suppressAddresses(trx, channel, [suppression], origin)
    if (address === undefined) return false
    const { actor, ...detail } = { ...origin, channel, address, reason: suppression.reason }
    await writeAudit(trx, { actor, action: 'create', subject: 'suppression', subjectId: null, detail })
    return true
  })
}

/** Takes an address off the list: its clients get messages by the channel again. @returns whether it was there */
export function removeSuppressedAddress(
  { kysely }: Database,
  channel: AddressChannel,
  address: string,
  actor: string,
): Promise<boolean> {
  return kysely.transaction().execute(async (trx) => {
    const { rows } = await sql<{ address: string; reason: string; source: string }>`
      delete from suppressed_address where channel = ${channel} and address = ${addressKey(channel, sql`${address}::text`)}
      returning address, reason, source`.execute(trx)
    if (!rows[0]) return false
    const detail = { channel, ...rows[0] }
    await writeAudit(trx, { actor, action: 'delete', subject: 'suppression', subjectId: null, detail })
    return true
  })
}

/** A batch that was rolled back because of others is tried so often. */
const MAX_TRIES = 5

/** Puts a batch of a list on the list, all or nothing. @returns how many were not there */
export async function importSuppressedAddresses(
  { kysely }: Database,
  channel: AddressChannel,
  batch: readonly NewSuppressedAddress[],
  actor: string,
): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      const added = await kysely
        .transaction()
        .execute((trx) => suppressAddresses(trx, channel, batch, { source: 'list_import', actor }))
      return added.length
    } catch (error) {
      if (!isRolledBack(error) || tries === MAX_TRIES) throw error
    }
  }
}
