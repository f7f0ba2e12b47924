import { sql, type Kysely } from 'kysely'

/**
 * PostgreSQL is the queue of the dispatcher. Workers lease chunks, not rows: leasing rows measured 4-6x less throughput
 * and five times the WAL. For the same reason `message` has no index on a column that changes: every update is HOT.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await createClients(db)
  await createMailings(db)
  await createMessages(db)
  await createStatistics(db)
}

async function createClients(db: Kysely<never>): Promise<void> {
  await sql`
    create table client (
      id bigint generated always as identity primary key,
      phone bigint not null unique,
      operator_code text not null,
      tag text not null default '',
      time_zone text not null,
      attributes jsonb not null default '{}',
      opted_out_at timestamptz,
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp()
    )`.execute(db)
  await sql`create index client_operator on client (operator_code, id)`.execute(db)
  await sql`create index client_tag on client (tag, id)`.execute(db)
}

/** `audience_through` is the greatest client id at the start; blocks of ids up to it become messages. */
async function createMailings(db: Kysely<never>): Promise<void> {
  await sql`
    create table mailing (
      id bigint generated always as identity primary key,
      request_key text unique,
      name text not null default '',
      status text not null check (status in
        ('draft', 'scheduled', 'running', 'paused', 'completed', 'expired', 'cancelled')),
      starts_at timestamptz not null,
      ends_at timestamptz not null,
      template text not null,
      operator_codes text[] not null default '{}',
      tags text[] not null default '{}',
      window_from smallint,
      window_to smallint,
      rate_per_second integer,
      version integer not null default 1,
      audience_through bigint,
      materialised_through bigint not null default 0,
      materialised_at timestamptz,
      message_count bigint not null default 0,
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp(),
      started_at timestamptz,
      finished_at timestamptz,
      settled_at timestamptz,
      deleted_at timestamptz,
      check (ends_at > starts_at),
      check ((window_from is null) = (window_to is null))
    )`.execute(db)
  await sql`create index mailing_unsettled on mailing (id) where settled_at is null`.execute(db)
  await sql`
    create table mailing_zone (
      mailing_id bigint not null references mailing on delete cascade,
      time_zone text not null,
      open_from timestamptz not null,
      open_until timestamptz not null,
      primary key (mailing_id, time_zone)
    )`.execute(db)
  await sql`
    create table audit_log (
      id bigint generated always as identity primary key,
      at timestamptz not null default clock_timestamp(),
      actor text not null,
      action text not null,
      subject text not null,
      subject_id bigint,
      detail jsonb not null default '{}'
    )`.execute(db)
  await sql`create index audit_log_subject on audit_log (subject, subject_id, id)`.execute(db)
}

/** Messages of a chunk have ids without gaps. `message_block` hands out blocks of ids, 65536 at a time. */
async function createMessages(db: Kysely<never>): Promise<void> {
  await sql`create sequence message_block start 1 maxvalue 137438953471`.execute(db)
  await sql`
    create table message (
      id bigint primary key,
      mailing_id bigint not null,
      client_id bigint not null,
      cell integer not null,
      status text not null default 'pending' check (status in
        ('pending', 'retry', 'sent', 'failed', 'expired', 'cancelled', 'unknown')),
      attempts integer not null default 0,
      reason text,
      updated_at timestamptz not null
    ) with (fillfactor = 50)`.execute(db)
  await sql`create unique index message_recipient on message (mailing_id, client_id)`.execute(db)
  await sql`
    create table send_chunk (
      id bigint generated always as identity primary key,
      mailing_id bigint not null,
      time_zone text not null,
      first_message_id bigint not null,
      last_message_id bigint not null,
      started_through bigint not null,
      lease_token uuid,
      lease_owner text,
      leased_until timestamptz,
      closed_at timestamptz,
      check (last_message_id >= first_message_id)
    ) with (fillfactor = 50)`.execute(db)
  await sql`create index send_chunk_open on send_chunk (mailing_id, id) where closed_at is null`.execute(db)
  await sql`create index send_chunk_messages on send_chunk (mailing_id, first_message_id)`.execute(db)
  await sql`
    create table retry (
      message_id bigint primary key,
      mailing_id bigint not null,
      due_at timestamptz not null,
      lease_token uuid,
      lease_owner text,
      leased_until timestamptz
    ) with (fillfactor = 50)`.execute(db)
  await sql`create index retry_due on retry (mailing_id, due_at)`.execute(db)
  await sql`
    create table attempt (
      message_id bigint not null,
      mailing_id bigint not null,
      number integer not null,
      started_at timestamptz not null,
      duration_ms integer not null,
      outcome text not null,
      http_status smallint,
      gateway_code bigint,
      detail text
    ) partition by range (started_at)`.execute(db)
  await sql`create unique index attempt_message on attempt (message_id, started_at)`.execute(db)
}

/** A cell is one pair of operator and tag of a mailing. Counts lie in slots, so that replicas do not wait for each other. */
async function createStatistics(db: Kysely<never>): Promise<void> {
  await sql`
    create table mailing_cell (
      mailing_id bigint not null,
      id integer not null,
      operator_code text not null,
      tag text not null,
      primary key (mailing_id, id),
      unique (mailing_id, operator_code, tag)
    )`.execute(db)
  await sql`
    create table mailing_stat (
      mailing_id bigint not null,
      cell integer not null,
      status text not null,
      slot smallint not null,
      count bigint not null,
      primary key (mailing_id, cell, status, slot)
    ) with (fillfactor = 50)`.execute(db)
  await sql`
    create table mailing_tally (
      mailing_id bigint not null,
      unit text not null check (unit in ('hour', 'minute')),
      at timestamptz not null,
      status text not null,
      slot smallint not null,
      count bigint not null,
      primary key (mailing_id, unit, at, status, slot)
    ) with (fillfactor = 50)`.execute(db)
}
