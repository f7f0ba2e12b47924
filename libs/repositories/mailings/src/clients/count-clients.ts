import { requireScannable, type Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { clientConditions, type ClientFilter } from './client-filter.ts'

export interface ClientTotals {
  readonly count: number
  /** Of them, those that get no messages. */
  readonly optedOut: number
}

/**
 * How many clients match. Reads every client: the caller bounds how many such reads run at once.
 *
 * @throws AppError query_too_slow where no statement timeout would end it
 */
export async function countClients(database: Database, filter: ClientFilter): Promise<ClientTotals> {
  await requireScannable(database, 'client', sql<boolean>`true`)
  const { rows } = await sql<ClientTotals>`
    select count(*) as count, count(opted_out_at) as "optedOut" from client
    where ${clientConditions(filter)}`.execute(database.kysely)
  return rows[0]!
}

export interface AttributeCount {
  readonly name: string
  /** Clients that have it. */
  readonly count: number
}

/** The attributes that most clients have, the most frequent first. Like {@link countClients}. */
export async function countAttributes(database: Database, limit: number): Promise<readonly AttributeCount[]> {
  await requireScannable(database, 'client', sql<boolean>`true`)
  const { rows } = await sql<AttributeCount>`
    select a.name, count(*) as count from client, jsonb_object_keys(attributes) a(name)
    group by 1 order by 2 desc, 1 limit ${limit}`.execute(database.kysely)
  return rows
}
