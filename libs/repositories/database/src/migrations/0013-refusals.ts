import { sql, type Kysely } from 'kysely'

/** How often the gateway has refused a message for what it is. Rows from before count anew. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table retry add column refusals smallint not null default 0`.execute(db)
}
