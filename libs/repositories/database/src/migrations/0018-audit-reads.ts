import { sql, type Kysely } from 'kysely'

/** The audit log is read by actor and by time besides. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create index audit_log_actor on audit_log (actor, id)`.execute(db)
  await sql`create index audit_log_at on audit_log (at)`.execute(db)
}
