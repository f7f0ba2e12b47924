import { sql, type Kysely } from 'kysely'

/**
 * What a dead letter needs to be replayed as the event that it was. Letters from before have none of it. The index is for
 * the retention.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table dead_letter
      add column form text,
      add column received_at timestamptz,
      add column position_ms bigint,
      add column position_tie bigint,
      add column position_index integer`.execute(db)
  await sql`create index dead_letter_last_failed on dead_letter (last_failed_at)`.execute(db)
}
