import {
  readSizedPage,
  requireScannable,
  type Database,
  type PageLimits,
  type SizedPage,
} from '@runnel/repositories-database'
import { sql } from 'kysely'
import { clientConditions, type ClientFilter } from './client-filter.ts'
import { CLIENT_COLUMNS, type StoredClient, toClient } from './stored-client.ts'

/**
 * A page in the order of ids.
 *
 * @param afterId id of the last one of the page before
 * @throws AppError query_too_slow for a text where no statement timeout would end it
 */
export async function listClients(
  database: Database,
  filter: ClientFilter,
  limits: PageLimits,
  afterId = 0,
): Promise<SizedPage<StoredClient>> {
  if (filter.text !== undefined) await requireScannable(database, 'client', sql<boolean>`true`)
  const query = database.kysely
    .selectFrom('client')
    .select(CLIENT_COLUMNS)
    .where('id', '>', afterId)
    .where(clientConditions(filter))
  const page = await readSizedPage<Parameters<typeof toClient>[0]>(
    database,
    {
      rows: query.orderBy('id').limit(limits.items + 1),
      size: sql`octet_length(attributes::text) + octet_length(tag)
        + coalesce(octet_length(email), 0) + coalesce(octet_length("webhookUrl"), 0)`,
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
