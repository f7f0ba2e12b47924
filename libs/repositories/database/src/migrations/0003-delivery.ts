import { sql, type Kysely } from 'kysely'

/** What makes delivery exact: the keys that were seen, and the events that could not be stored. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table event_key (
      kind text not null,
      key_hash uuid not null,
      event_id uuid not null,
      inserted_at timestamptz not null default now(),
      primary key (kind, key_hash)
    )`.execute(db)
  await sql`create index event_key_inserted on event_key using brin (inserted_at)`.execute(db)
  await sql`
    create table dead_letter (
      id bigint generated always as identity primary key,
      source_id uuid not null unique,
      kind text not null,
      subject text not null,
      payload bytea not null,
      reason text not null,
      event_key text,
      operation text not null,
      first_failed_at timestamptz not null,
      last_failed_at timestamptz not null,
      attempts integer not null,
      replayed_at timestamptz
    )`.execute(db)
}
