import { sql, type Kysely } from 'kysely'

/** What is known about time: one row, which the first consumer makes. See judge-time.ts. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table time_mark (
      name text primary key check (name = 'events'),
      mark_at timestamptz not null,
      known_at timestamptz not null,
      boot_id text,
      uptime_ms bigint not null,
      suspended_by text check (suspended_by in ('jump', 'gap', 'removal')),
      suspended_at timestamptz,
      suspended_ran_ms bigint not null default 0,
      lifted boolean not null default false,
      shifts jsonb not null default '[]',
      due_days integer not null default 0
    ) with (fillfactor = 50)`.execute(db)
}
