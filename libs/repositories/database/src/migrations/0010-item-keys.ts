import { sql, type Kysely } from 'kysely'

/** What the keys of version 0.2 say more than those before: which item of its key a row or a dead letter is. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table event_key add column item_hash uuid`.execute(db)
  await sql`alter table dead_letter add column event_item text`.execute(db)
}
