import { sql, type Kysely } from 'kysely'

/**
 * Phones that get no messages, whatever becomes of their clients. `client.opted_out_at` stays as a copy, by which audiences are
 * found. And what is kept of the refused lines of imports, so that they can be mended and sent again.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table suppression (
      phone bigint primary key,
      reason text not null,
      source text not null,
      actor text not null,
      opted_out_at timestamptz not null default clock_timestamp(),
      added_at timestamptz not null default clock_timestamp()
    )`.execute(db)
  await sql`
    insert into suppression (phone, reason, source, actor, opted_out_at)
    select phone, 'opted_out', 'client', 'migration', opted_out_at from client where opted_out_at is not null`.execute(
    db,
  )
  await sql`alter table client_import add column header text, add column separator text`.execute(db)
  await sql`alter table client_import_error add column content text`.execute(db)
}
