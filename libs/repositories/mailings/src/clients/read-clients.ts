import { readSizedPage, type Database, type PageLimits, type SizedPage } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { CLIENT_COLUMNS, type StoredClient, toClient } from './stored-client.ts'

/** Everything that is given has to match. */
export interface ClientFilter {
  readonly operatorCode?: string | undefined
  readonly tag?: string | undefined
  /** In any of these: the names of one zone. */
  readonly timeZones?: readonly string[] | undefined
  readonly phone?: number | undefined
  readonly optedOut?: boolean | undefined
}

/** A page in the order of ids. @param afterId id of the last one of the page before */
export async function listClients(
  database: Database,
  { operatorCode, tag, timeZones, phone, optedOut }: ClientFilter,
  limits: PageLimits,
  afterId = 0,
): Promise<SizedPage<StoredClient>> {
  let query = database.kysely.selectFrom('client').select(CLIENT_COLUMNS).where('id', '>', afterId)
  if (operatorCode !== undefined) query = query.where('operator_code', '=', operatorCode)
  if (tag !== undefined) query = query.where('tag', '=', tag)
  if (timeZones !== undefined) query = query.where('time_zone', 'in', timeZones)
  if (phone !== undefined) query = query.where('phone', '=', phone)
  if (optedOut !== undefined) query = query.where('opted_out_at', optedOut ? 'is not' : 'is', null)
  const page = await readSizedPage<Parameters<typeof toClient>[0]>(
    database,
    {
      rows: query.orderBy('id').limit(limits.items + 1),
      size: sql`octet_length(attributes::text) + octet_length(tag)`,
      order: sql`id`,
    },
    limits,
  )
  return { ...page, items: page.items.map(toClient) }
}

export async function findClient({ kysely }: Database, id: number): Promise<StoredClient | undefined> {
  const row = await kysely.selectFrom('client').select(CLIENT_COLUMNS).where('id', '=', id).executeTakeFirst()
  return row && toClient(row)
}

/** @returns the id of the client with this phone */
export async function findClientId({ kysely }: Database, phone: number): Promise<number | undefined> {
  const row = await kysely.selectFrom('client').select('id').where('phone', '=', phone).executeTakeFirst()
  return row?.id
}
