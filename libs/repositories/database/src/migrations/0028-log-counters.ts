import { sql, type Kysely } from 'kysely'

/**
 * Counts of log entries by the minute in which they occurred, their level and their service. They lie in the partition of the day on which
 * their entries were received, so that they go when those go. The transaction of the entries appends to `log_minute_delta`; one process at
 * a time folds that into `log_minute`. The counts are the sum of both.
 *
 * `log_counted_day` says of which days that sum holds. It has the names that are counted one by one; where there are more, the others
 * share a row, and `other_services` or `other_levels` is set.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table log_minute_delta (
      received_at timestamptz not null,
      minute timestamptz not null,
      level text,
      service text,
      entries bigint not null
    ) partition by range (received_at)`.execute(db)
  await sql`
    create table log_minute (
      received_at timestamptz not null,
      minute timestamptz not null,
      level text,
      service text,
      is_other_level boolean not null,
      is_other_service boolean not null,
      entries bigint not null
    ) partition by range (received_at)`.execute(db)
  await sql`
    create unique index log_minute_counted on log_minute
      (minute, service, level, is_other_service, is_other_level, received_at) nulls not distinct`.execute(db)
  await sql`
    create table log_counted_day (
      received_at timestamptz primary key,
      holds boolean not null,
      services text[] not null default '{}',
      levels text[] not null default '{}',
      other_services boolean not null default false,
      other_levels boolean not null default false,
      checked_at timestamptz
    )`.execute(db)
  await addDaysOf(db)
}

/**
 * Days that have entries already hold no counts, and neither does today unless the table is empty: consumers of the version before may still
 * be storing.
 */
async function addDaysOf(db: Kysely<never>): Promise<void> {
  const { rows: partitions } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'log'::regclass and c.relname ~ '^log_p[0-9]{8}$'`.execute(db)
  const { rows: some } = await sql`select from log limit 1`.execute(db)
  for (const { name } of partitions) {
    const { rows: entries } = await sql`select from ${sql.id(name)} limit 1`.execute(db)
    const day = sql`to_timestamp(${name.slice(-8)} || '+00', 'YYYYMMDDTZH')`
    await sql`
      insert into log_counted_day (received_at, holds)
      values (${day}, ${entries.length === 0} and (${some.length === 0} or ${day} > now()))`.execute(db)
  }
}
