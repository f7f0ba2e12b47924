import { sql, type Kysely } from 'kysely'

/** Why a mailing was paused without a person: its text cannot be rendered. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table mailing add column rest_reason text`.execute(db)
}
