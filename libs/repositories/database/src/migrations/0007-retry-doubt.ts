import { sql, type Kysely } from 'kysely'

/** Whether a message that is to be tried again may have been sent before: once true, it stays so until there is a result. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table retry add column in_doubt boolean not null default false`.execute(db)
}
