import { sql, type Kysely } from 'kysely'

/**
 * What is sent to people by e-mail and webhook. `notification` is the queue: one row for each message and address, leased
 * while it is delivered. `daily_report` has a row for each day that was reported, `alert` one for each time that a condition
 * held; `alert_condition` remembers since when, and `notification_round` when it is a replica's turn to look.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table daily_report (
      day date primary key,
      facts jsonb not null,
      skipped boolean not null default false,
      created_at timestamptz not null default clock_timestamp()
    )`.execute(db)
  await createAlerts(db)
  await createNotifications(db)
  await sql`
    create table notification_round (
      name text primary key,
      due_at timestamptz not null
    )`.execute(db)
  await sql`create index client_opted_out on client (opted_out_at) where opted_out_at is not null`.execute(db)
}

async function createAlerts(db: Kysely<never>): Promise<void> {
  await sql`
    create table alert_condition (
      name text primary key,
      holds_since timestamptz,
      clear_since timestamptz,
      memory jsonb not null default '{}'
    )`.execute(db)
  await sql`
    create table alert (
      id bigint generated always as identity primary key,
      condition text not null,
      facts jsonb not null,
      started_at timestamptz not null,
      raised_at timestamptz not null default clock_timestamp(),
      reminded_at timestamptz,
      resolved_at timestamptz
    )`.execute(db)
  await sql`create unique index alert_open on alert (condition) where resolved_at is null`.execute(db)
}

/** `transfer_at` is set right before the first byte of a message: from then on it may have arrived. */
async function createNotifications(db: Kysely<never>): Promise<void> {
  await sql`
    create table notification (
      id bigint generated always as identity primary key,
      key text not null unique,
      channel text not null check (channel in ('email', 'webhook')),
      target text not null,
      message_id text not null,
      content jsonb not null,
      report_day date,
      alert_id bigint,
      state text not null default 'pending' check (state in
        ('pending', 'sending', 'sent', 'in_doubt', 'failed')),
      attempts integer not null default 0,
      reason text,
      due_at timestamptz not null default clock_timestamp(),
      expires_at timestamptz not null,
      transfer_at timestamptz,
      lease_token uuid,
      leased_until timestamptz,
      created_at timestamptz not null default clock_timestamp(),
      finished_at timestamptz
    )`.execute(db)
  await sql`create index notification_open on notification (due_at) where state in ('pending', 'sending')`.execute(
    db,
  )
  await sql`create index notification_report on notification (report_day) where report_day is not null`.execute(
    db,
  )
  await sql`create index notification_alert on notification (alert_id) where alert_id is not null`.execute(db)
}
