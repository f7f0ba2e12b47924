import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { matches, type DeadLetterFilter } from './dead-letter-filter.ts'

/** Letters removed in one statement, so that it stays short. */
const BLOCK = 500

/** @returns whether there was such a letter */
export async function deleteDeadLetter({ kysely }: Database, id: number): Promise<boolean> {
  const { numDeletedRows } = await kysely.deleteFrom('dead_letter').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

/** What is to be deleted, as a person has seen it: how many letters match, up to which id. */
export interface SeenDeadLetters {
  readonly count: number
  readonly newestId: number | null
}

export async function countDeadLetters(
  { kysely }: Database,
  filter: DeadLetterFilter,
): Promise<SeenDeadLetters> {
  const { rows } = await sql<SeenDeadLetters>`
    select count(*)::float8 as count, max(id)::float8 as "newestId"
    from dead_letter where ${matches(filter)}`.execute(kysely)
  return rows[0]!
}

/**
 * Removes the letters that match, the oldest first.
 *
 * @param limit of letters
 * @returns how many were removed
 */
export async function deleteDeadLetters(
  { kysely }: Database,
  filter: DeadLetterFilter,
  limit: number,
): Promise<number> {
  let deleted = 0
  while (deleted < limit) {
    const block = Math.min(BLOCK, limit - deleted)
    const { numAffectedRows } = await sql`
      delete from dead_letter where id = any(array(
        select id from dead_letter where ${matches(filter)} order by id limit ${block}
      ))`.execute(kysely)
    deleted += Number(numAffectedRows ?? 0)
    if (Number(numAffectedRows ?? 0) < block) break
  }
  return deleted
}
