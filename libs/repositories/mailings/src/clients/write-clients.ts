import { sql, type RawBuilder } from 'kysely'
import { isUniqueViolation } from '@runnel/repositories-database'
import type { Database } from '@runnel/repositories-database'
import { suppressPhones, type NewSuppression } from '../suppression/suppress-phones.ts'
import { writeAudit } from '../write-audit.ts'
import { findClientId } from './read-clients.ts'
import { CLIENT_COLUMNS, type ClientMembers, type StoredClient, toClient } from './stored-client.ts'

/** The phone belongs to another client. */
export interface PhoneTaken {
  /** Its id. */
  readonly takenBy: number
}

const NOW = sql<Date>`clock_timestamp()`

/** @returns the new client, or whose the phone is already */
export function createClient(
  database: Database,
  members: ClientMembers,
  actor: string,
): Promise<StoredClient | PhoneTaken> {
  return unlessTaken(
    database,
    () => members.phone,
    () =>
      database.kysely.transaction().execute(async (trx) => {
        const row = await trx
          .insertInto('client')
          .values({ ...toRow(members), opted_out_at: optedOutAt(members) })
          .returning(CLIENT_COLUMNS)
          .executeTakeFirstOrThrow()
        if (row.optedOutAt !== null) await suppressPhones(trx, [optOutOf(row)], { source: 'client', actor })
        await writeAudit(trx, { actor, action: 'create', subject: 'client', subjectId: row.id })
        return toClient(row)
      }),
  )
}

/**
 * Changes a client; that it has opted out stays. The one who changes it first is seen by the one who comes second.
 *
 * @param edit takes the client as it is stored and returns what is written; what it throws is thrown here
 * @returns the client after that; undefined where there is no such client; or the id of the client that has the phone already
 */
export async function updateClient(
  database: Database,
  id: number,
  edit: (client: StoredClient) => ClientMembers,
  actor: string,
): Promise<StoredClient | PhoneTaken | undefined> {
  let phone = 0
  return unlessTaken(
    database,
    () => phone,
    () =>
      database.kysely.transaction().execute(async (trx) => {
        const found = await trx
          .selectFrom('client')
          .select(CLIENT_COLUMNS)
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst()
        if (!found) return undefined
        const former = toClient(found)
        const wanted = keepOptOut(former, edit(former))
        const detail = describeChange(former, wanted)
        if (detail === undefined) return former
        phone = wanted.phone
        const row = await trx
          .updateTable('client')
          .set({
            ...toRow(wanted),
            opted_out_at: optedOutAt(wanted, sql`opted_out_at`),
            updated_at: NOW,
          })
          .where('id', '=', id)
          .returning(CLIENT_COLUMNS)
          .executeTakeFirstOrThrow()
        // A client that has opted out stays so under another number.
        if (row.optedOutAt !== null) await suppressPhones(trx, [optOutOf(row)], { source: 'client', actor })
        await writeAudit(trx, { actor, action: 'edit', subject: 'client', subjectId: id, detail })
        return toClient(row)
      }),
  )
}

/** Removes a client; messages keep its id, and that it has opted out stays on the suppression list. @returns whether there was one */
export function deleteClient({ kysely }: Database, id: number, actor: string): Promise<boolean> {
  return kysely.transaction().execute(async (trx) => {
    const deleted = await trx
      .deleteFrom('client')
      .where('id', '=', id)
      .returning(['phone', 'opted_out_at as optedOutAt'])
      .executeTakeFirst()
    if (!deleted) return false
    // A version before the suppression list may have noted it with the client alone.
    if (deleted.optedOutAt !== null)
      await suppressPhones(trx, [optOutOf(deleted)], { source: 'client', actor })
    // Nothing of what it was: a person may have asked to be forgotten.
    await writeAudit(trx, { actor, action: 'delete', subject: 'client', subjectId: id })
    return true
  })
}

/** Only the suppression list lifts an opt-out. */
function keepOptOut({ optedOutAt }: StoredClient, wanted: ClientMembers): ClientMembers {
  return { ...wanted, optedOut: wanted.optedOut || optedOutAt !== null }
}

function optOutOf({ phone, optedOutAt }: { phone: number; optedOutAt: Date | null }): NewSuppression {
  return { phone, optedOutAt: optedOutAt ?? undefined }
}

/** When a client opted out: as it was noted, or as the suppression list says, or now. */
function optedOutAt({ phone, optedOut }: ClientMembers, noted: RawBuilder<unknown> = sql`null`) {
  const listed = sql<Date | null>`(select s.opted_out_at from suppression s where s.phone = ${phone})`
  return optedOut ? sql<Date>`coalesce(${noted}, ${listed}, ${NOW})` : listed
}

function toRow({ phone, operatorCode, tag, timeZone, email, webhookUrl, attributes }: ClientMembers) {
  return {
    phone,
    operator_code: operatorCode,
    tag,
    time_zone: timeZone,
    email,
    webhook_url: webhookUrl,
    attributes: sql<object>`${JSON.stringify(attributes)}::jsonb`,
  }
}

/** @returns the members that change, before and after; undefined where none does */
function describeChange(former: StoredClient, wanted: ClientMembers): object | undefined {
  const { optedOutAt, ...rest } = former
  const before: ClientMembers = { ...rest, optedOut: optedOutAt !== null }
  const names = (Object.keys(wanted) as (keyof ClientMembers)[]).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(wanted[name]),
  )
  if (names.length === 0) return undefined
  const pick = (members: ClientMembers) => Object.fromEntries(names.map((name) => [name, members[name]]))
  return { before: pick(before), after: pick(wanted) }
}

/**
 * Tries again where the other client has gone in between.
 *
 * @param phone asked for once the write has failed
 */
async function unlessTaken<T>(
  database: Database,
  phone: () => number,
  write: () => Promise<T>,
): Promise<T | PhoneTaken> {
  for (let tries = 1; ; tries++) {
    try {
      return await write()
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      const takenBy = await findClientId(database, phone())
      if (takenBy !== undefined) return { takenBy }
      if (tries === 3) throw error
    }
  }
}
