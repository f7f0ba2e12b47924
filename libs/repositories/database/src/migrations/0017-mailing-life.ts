import { sql, type Kysely } from 'kysely'

/** What lets a mailing go on after its end, and what it takes to say later what was sent to whom. */
export async function up(db: Kysely<never>): Promise<void> {
  await extendMailings(db)
  await keepTexts(db)
  await keepSentTexts(db)
}

/**
 * `reopen_after` is the cursor of a mailing that was prolonged: chunks behind it may hold expired messages. `test_of` names the
 * mailing of which this one is a test. `received` and `not_received` are ids of mailings, conditions of the audience.
 */
async function extendMailings(db: Kysely<never>): Promise<void> {
  await sql`
    alter table mailing add column reopen_after bigint, add column test_of bigint,
      add column received bigint[] not null default '{}', add column not_received bigint[] not null default '{}'`.execute(
    db,
  )
  await sql`create index mailing_test on mailing (test_of, id) where test_of is not null`.execute(db)
}

/** The text of each version of a mailing; a version without a row has the text of the one before. */
async function keepTexts(db: Kysely<never>): Promise<void> {
  await sql`
    create table mailing_text (
      mailing_id bigint not null,
      version integer not null,
      template text not null,
      at timestamptz not null default clock_timestamp(),
      primary key (mailing_id, version)
    )`.execute(db)
  await sql`
    insert into mailing_text (mailing_id, version, template, at)
    select id, version, template, updated_at from mailing`.execute(db)
}

/**
 * An attempt names the phone, the version and where its text is kept: `sent_text` holds the texts of the attempts that were recorded
 * together, as one compressed list, and `text_place` is the place in it. The index finds a phone among a hundred million attempts by
 * a few pages, and costs a send next to nothing: a btree would be a third index entry for every attempt.
 */
async function keepSentTexts(db: Kysely<never>): Promise<void> {
  await sql`
    alter table attempt add column phone bigint, add column version integer, add column text_id bigint,
      add column text_place smallint`.execute(db)
  await sql`create index attempt_phone on attempt using brin (phone int8_bloom_ops) with (pages_per_range = 32)`.execute(
    db,
  )
  await sql`
    create table sent_text (
      id bigint generated always as identity primary key,
      at timestamptz not null default clock_timestamp(),
      texts bytea not null
    )`.execute(db)
  await sql`alter table sent_text alter column texts set storage external`.execute(db)
}
