import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { SESSION_COLUMNS, type StoredSession } from './stored-session.ts'

/** A person at an issuer. */
export interface PersonKey {
  readonly issuer: string
  readonly personId: string
}

/**
 * Sessions that have not ended, the latest used first.
 *
 * @param person whose; undefined for those of all
 */
export async function listSessions(
  { kysely }: Database,
  person: PersonKey | undefined,
  limit: number,
): Promise<StoredSession[]> {
  let query = kysely
    .selectFrom('person_session')
    .select(SESSION_COLUMNS)
    .where('idle_ends_at', '>', sql<Date>`clock_timestamp()`)
    .orderBy('seen_at', 'desc')
    .orderBy('id')
    .limit(limit)
  if (person) query = query.where('issuer', '=', person.issuer).where('person_id', '=', person.personId)
  return (await query.execute()) as StoredSession[]
}
