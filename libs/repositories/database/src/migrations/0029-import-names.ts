import { sql, type Kysely } from 'kysely'

/** What the file of an import is called, and why an import was aborted, in words. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table client_import add column file_name text, add column message text`.execute(db)
}
