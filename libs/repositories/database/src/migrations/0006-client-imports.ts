import { sql, type Kysely } from 'kysely'

/** Imports and their errors; `heartbeat_at` tells those that still run from those that died with their process. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table client_import (
      id bigint generated always as identity primary key,
      status text not null default 'running' check (status in ('running', 'completed', 'aborted')),
      format text not null,
      actor text not null,
      rows bigint not null default 0,
      created bigint not null default 0,
      updated bigint not null default 0,
      unchanged bigint not null default 0,
      rejected bigint not null default 0,
      reason text,
      started_at timestamptz not null default clock_timestamp(),
      heartbeat_at timestamptz not null default clock_timestamp(),
      finished_at timestamptz
    )`.execute(db)
  await sql`
    create table client_import_error (
      import_id bigint not null references client_import on delete cascade,
      number integer not null,
      line bigint not null,
      field text,
      code text not null,
      message text not null,
      primary key (import_id, number)
    )`.execute(db)
}
