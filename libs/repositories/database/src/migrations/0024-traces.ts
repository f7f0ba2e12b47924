import { sql, type Kysely } from 'kysely'

/**
 * Spans, by day like all events: ids of traces as uuid, which takes half the room of their digits. The indexes serve the reads: a span of
 * a trace, the newest spans, and the newest of a service.
 *
 * What is counted of them, by the minute in which they began and the day on which they were received, so that the counts go when their
 * spans go. `slot` keeps transactions at the same time off each other's rows. An `open_edge` is a call whose caller is not known yet: a
 * caller ends, and is sent, after what it called.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table span (
      id uuid not null,
      received_at timestamptz not null,
      started_at timestamptz not null,
      duration_ns bigint not null,
      trace_id uuid not null,
      span_id text not null,
      parent_span_id text,
      service text not null,
      name text not null,
      kind text not null,
      status text not null,
      data jsonb not null
    ) partition by range (received_at)`.execute(db)
  await sql`create unique index span_event on span (id, received_at)`.execute(db)
  await sql`create index span_trace on span (trace_id, span_id)`.execute(db)
  await sql`create index span_started on span (started_at, id)`.execute(db)
  await sql`create index span_service_started on span (service, started_at)`.execute(db)
  await sql`
    create table operation_minute (
      received_at timestamptz not null,
      minute timestamptz not null,
      service text not null,
      operation text not null,
      kind text not null,
      slot smallint not null,
      spans bigint not null,
      errors bigint not null,
      duration_ns double precision not null,
      durations bigint[] not null,
      primary key (minute, service, operation, kind, slot, received_at)
    ) partition by range (received_at)`.execute(db)
  await sql`
    create table edge_minute (
      received_at timestamptz not null,
      minute timestamptz not null,
      caller text not null,
      callee text not null,
      calls bigint not null,
      errors bigint not null,
      duration_ns double precision not null,
      durations bigint[] not null,
      primary key (minute, caller, callee, received_at)
    ) partition by range (received_at)`.execute(db)
  await sql`
    create table open_edge (
      id bigint generated always as identity primary key,
      trace_id uuid not null,
      parent_span_id text not null,
      callee text not null,
      received_at timestamptz not null,
      minute timestamptz not null,
      duration_ns bigint not null,
      is_error boolean not null,
      inserted_at timestamptz not null default clock_timestamp(),
      due_at timestamptz not null default clock_timestamp()
    )`.execute(db)
  await sql`create index open_edge_due on open_edge (due_at)`.execute(db)
  await addTracesToLogs(db)
}

/**
 * The trace that an entry belongs to; null in entries of before. The index costs nothing for entries without one. Partitions of coming days
 * have it. Today's does not: to scan it for an index would keep writers waiting. So what comes until midnight (UTC) is found by reading
 * the day, within the limits of every search; entries of the days before belong to no trace.
 */
async function addTracesToLogs(db: Kysely<never>): Promise<void> {
  await sql`alter table log add column trace_id uuid`.execute(db)
  await sql`create index log_trace on only log (trace_id) where trace_id is not null`.execute(db)
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'log'::regclass and c.relname > to_char(now() at time zone 'UTC', '"log_p"YYYYMMDD')`.execute(
    db,
  )
  for (const { name } of rows) {
    await sql`create index on ${sql.id(name)} (trace_id) where trace_id is not null`.execute(db)
  }
}
