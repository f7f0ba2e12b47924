import { sql, type Kysely } from 'kysely'

/** What the replicas of the dispatcher share about the gateway, and about each other. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table provider_state (
      name text primary key,
      state text not null check (state in ('closed', 'open', 'ramping')),
      reason text,
      step smallint not null default 0,
      version bigint not null default 1,
      changed_at timestamptz not null default clock_timestamp(),
      probe_at timestamptz not null default clock_timestamp(),
      probe_until timestamptz not null default clock_timestamp(),
      paused_until timestamptz not null default clock_timestamp()
    ) with (fillfactor = 50)`.execute(db)
  await sql`insert into provider_state (name, state) values ('gateway', 'closed')`.execute(db)
  await sql`
    create table dispatcher_heartbeat (
      replica_id uuid primary key,
      seen_at timestamptz not null
    ) with (fillfactor = 50)`.execute(db)
}
