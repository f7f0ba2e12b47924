import { sql, type Kysely } from 'kysely'

/**
 * What API keys did, by periods of five minutes, of all replicas: each adds what it counted. A day is kept, so that there are 288
 * rows of a busy key. No foreign key: counts of a key that was removed go with their day.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table api_key_usage (
      from_at timestamptz not null,
      key_id text not null,
      requests bigint not null,
      refused bigint not null,
      events bigint not null,
      bytes bigint not null,
      primary key (from_at, key_id)
    )`.execute(db)
}
