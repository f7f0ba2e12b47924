import { sql, type Kysely } from 'kysely'

/**
 * A mailing of many recipients may need the approval of a person who did not write it. `authors` are who made and edited it, and, of
 * keys, who made the key. `approval_wanted` is the version that was due, reached too many people and had no approval: it waits. An
 * approval is of one version.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table mailing
      add column authors text[] not null default '{}',
      add column approval_wanted integer,
      add column approved_version integer,
      add column approved_by text,
      add column approved_at timestamptz`.execute(db)
}
