import { sql } from 'kysely'
import type { Database } from './database.ts'

/**
 * A database whose character classification is that of the locale `C` knows upper and lower case of ASCII letters
 * alone: a search for `ошибка` then does not find `Ошибка`. Nothing is wrong or lost, so that it is no reason to refuse.
 *
 * @returns what a person should know, undefined where case is known of all letters
 * @throws what the driver throws when the database does not answer
 */
export async function describeLetterCase({ kysely }: Database): Promise<string | undefined> {
  const { rows } = await sql<{ name: string; locale: string; knows: boolean }>`
    select datname as name, datctype as locale, lower('ÉЖ') = 'éж' as knows
    from pg_database where datname = current_database()`.execute(kysely)
  const { name, locale, knows } = rows[0]!
  if (knows) return undefined
  return (
    `The database ${name} has the locale ${locale}, which knows upper and lower case of ASCII letters alone: searches take other letters ` +
    `as they are written. A database with "lc_ctype 'C.UTF-8'" knows all of them`
  )
}
