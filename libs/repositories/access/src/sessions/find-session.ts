import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { SESSION_COLUMNS, type StoredSession } from './stored-session.ts'

/**
 * Finds a session that has not ended, by the clock of the database, and notes that it was used, at most once in `noteMs`.
 *
 * @param sha256 of the token that a browser sent
 * @returns undefined where there is none, or it has ended or was revoked
 */
export async function findSession(
  { kysely }: Database,
  sha256: Buffer,
  { idleMs, noteMs }: { readonly idleMs: number; readonly noteMs: number },
): Promise<StoredSession | undefined> {
  const found = await kysely
    .selectFrom('person_session')
    .select([
      ...SESSION_COLUMNS,
      sql<boolean>`seen_at < clock_timestamp() - ${noteMs} * interval '1 ms'`.as('isDue'),
    ])
    .where('sha256', '=', sha256)
    .where('idle_ends_at', '>', sql<Date>`clock_timestamp()`)
    .executeTakeFirst()
  if (!found) return undefined
  const { isDue, ...session } = found
  if (isDue)
    await sql`
      update person_session set seen_at = clock_timestamp(),
        idle_ends_at = least(clock_timestamp() + ${idleMs} * interval '1 ms', ends_at)
      where id = ${session.id} and idle_ends_at > clock_timestamp()`.execute(kysely)
  return session as StoredSession
}
