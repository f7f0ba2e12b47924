import { sql, type Kysely } from 'kysely'

/**
 * Accounts of Runnel's own, for when no provider signs people in. `id` is what sessions know the person by. `failures` counts attempts in
 * a row, the one that is being judged among them; `totp_step` is the step of time of the last code that was taken, so that none counts
 * twice. `totp_secret` is sealed.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table local_account (
      id text primary key,
      name text not null unique check (name = lower(name)),
      password_hash text not null,
      totp_secret text not null,
      totp_step bigint not null default 0,
      roles text[] not null,
      failures integer not null default 0,
      failed_at timestamptz,
      locked_until timestamptz,
      disabled_at timestamptz,
      signed_in_at timestamptz,
      created_by text not null,
      created_at timestamptz not null default clock_timestamp()
    )`.execute(db)
}
