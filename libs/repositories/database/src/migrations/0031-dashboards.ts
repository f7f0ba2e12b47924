import { sql, type Kysely } from 'kysely'

/**
 * Dashboards: charts of metrics that people keep under a name. `charts` is a list in the form of the API. There are few of them, so
 * that whoever writes locks the table.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table dashboard (
      id bigint generated always as identity primary key,
      name text not null,
      charts jsonb not null default '[]',
      version integer not null default 1,
      created_at timestamptz not null default clock_timestamp(),
      created_by text not null,
      updated_at timestamptz not null default clock_timestamp(),
      updated_by text not null
    )`.execute(db)
  await sql`create unique index dashboard_name on dashboard (lower(name))`.execute(db)
}
