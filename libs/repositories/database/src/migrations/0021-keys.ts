import { sql, type Kysely } from 'kysely'

/**
 * API keys. Of a secret only its SHA-256 is kept; while a key is rotated the old one has an end. `access_state` is one row:
 * every change takes its lock and the next version, which the changed key remembers, so that who knows the version up to which
 * it has read gets what changed since by one index. What stands below `floor` is not of this database any more: the floor rises
 * where a backup was put back. Uses are a table of their own: they are no changes.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table access_state (
      name text primary key check (name = 'keys'),
      version bigint not null,
      floor bigint not null,
      bootstrapped_at timestamptz
    )`.execute(db)
  await sql`insert into access_state (name, version, floor) values ('keys', 0, 0)`.execute(db)
  await sql`
    create table api_key (
      id text primary key check (id ~ '^[a-z2-7]{16}$'),
      name text not null,
      kind text not null check (kind in ('live', 'test')),
      scopes text[] not null,
      networks text[] not null default '{}',
      namespace text not null default '',
      quotas jsonb not null default '{}',
      sha256 bytea not null check (octet_length(sha256) = 32),
      old_sha256 bytea check (octet_length(old_sha256) = 32),
      old_until timestamptz,
      expires_at timestamptz,
      created_by text not null,
      created_at timestamptz not null default clock_timestamp(),
      rotated_at timestamptz,
      revoked_by text,
      revoked_at timestamptz,
      changed_in bigint not null unique,
      check ((old_sha256 is null) = (old_until is null))
    )`.execute(db)
  await sql`
    create table api_key_use (
      key_id text primary key references api_key on delete cascade,
      used_at timestamptz not null
    )`.execute(db)
}
