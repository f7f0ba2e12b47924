import { sql } from 'kysely'
import type { Database } from './database.ts'
import { UnusableDatabaseError } from './unusable-database-error.ts'

/**
 * Text of every language has to fit into the database. In any other encoding than UTF8, SQL_ASCII included, an emoji is a
 * data error and a Cyrillic key an error that never ends.
 *
 * @throws UnusableDatabaseError
 * @throws what the driver throws when the database does not answer
 */
export async function requireUtf8({ kysely }: Database): Promise<void> {
  const { rows } = await sql<{ name: string; encoding: string }>`
    select current_database() as name, current_setting('server_encoding') as encoding`.execute(kysely)
  const { name, encoding } = rows[0]!
  if (encoding === 'UTF8') return
  throw new UnusableDatabaseError(
    `The database ${name} has the encoding ${encoding}, which cannot hold every text: ` +
      `create one with "create database runnel encoding 'UTF8' template template0" and set DATABASE_URL to it`,
  )
}
