import { sql, type Kysely } from 'kysely'

/** True where a log names a time that could not be read, so that `occurred_at` is when it was received; else null. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table log add column time_unread boolean`.execute(db)
}
