import { sql, type Kysely } from 'kysely'

/**
 * People who have signed in. A browser holds a random token of which only the SHA-256 is kept; `id` names the session where it is
 * listed and revoked. `idle_ends_at` moves with use and never lies beyond `ends_at`. A person is known by the issuer and the id there;
 * `provider_session` is the session at the issuer, whose end ends this one.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table person_session (
      id text primary key,
      sha256 bytea not null unique check (octet_length(sha256) = 32),
      issuer text not null,
      person_id text not null,
      name text not null,
      roles text[] not null,
      provider_session text,
      user_agent text not null,
      address text not null,
      created_at timestamptz not null default clock_timestamp(),
      seen_at timestamptz not null default clock_timestamp(),
      idle_ends_at timestamptz not null,
      ends_at timestamptz not null,
      check (idle_ends_at <= ends_at)
    )`.execute(db)
  await sql`create index person_session_person on person_session (issuer, person_id, created_at)`.execute(db)
  await sql`create index person_session_end on person_session (idle_ends_at)`.execute(db)
}
