import { sql, type Kysely } from 'kysely'

/** Mailings that go out by e-mail or to webhooks, beside those through the gateway. */
export async function up(db: Kysely<never>): Promise<void> {
  await addColumns(db)
  await createSuppressedAddresses(db)
  await guardChunks(db)
  await guardRetries(db)
}

/**
 * `subject` is the template of an e-mail's subject. An attempt names the address where it is no phone; `subject_place` is the place of
 * the subject that was sent, as `text_place` is that of the text, in the same list. Its index is of the kind of that on phones.
 */
async function addColumns(db: Kysely<never>): Promise<void> {
  await sql`
    alter table mailing add column subject text,
      add column channel text not null default 'gateway' check (channel in ('gateway', 'email', 'webhook'))`.execute(
    db,
  )
  await sql`alter table mailing_text add column subject text`.execute(db)
  await sql`alter table client add column email text, add column webhook_url text`.execute(db)
  await sql`create index client_email on client (lower(email)) where email is not null`.execute(db)
  await sql`create index client_webhook on client (webhook_url) where webhook_url is not null`.execute(db)
  await sql`alter table attempt add column address text, add column subject_place smallint`.execute(db)
  await sql`create index attempt_address on attempt using brin (address text_bloom_ops) with (pages_per_range = 32)`.execute(
    db,
  )
  await sql`insert into provider_state (name, state) values ('email', 'closed'), ('webhook', 'closed')`.execute(
    db,
  )
}

/** Addresses that get no messages by their channel. Those of e-mails are in lower case, for people write them in any. */
async function createSuppressedAddresses(db: Kysely<never>): Promise<void> {
  await sql`
    create table suppressed_address (
      channel text not null check (channel in ('email', 'webhook')),
      address text not null,
      reason text not null,
      source text not null,
      actor text not null,
      mailing_id bigint,
      client_id bigint,
      opted_out_at timestamptz not null default clock_timestamp(),
      added_at timestamptz not null default clock_timestamp(),
      primary key (channel, address)
    )`.execute(db)
}

/**
 * A replica of the version before knows no channels, and would send the text of an e-mail to the phones of its clients. It leases
 * chunks by an update that says nothing of a channel: of other channels, that one changes no row, and the replica gets none. A
 * claim names its channel in `lease_channel`, which is null again at once, so that each has to. A test send that such a
 * replica makes has the channel of the mailing that it tests.
 */
async function guardChunks(db: Kysely<never>): Promise<void> {
  await sql`alter table send_chunk add column lease_channel text`.execute(db)
  await sql`
    create function require_lease_channel() returns trigger language plpgsql as $$
    begin
      if coalesce(new.lease_channel, 'gateway') <> (select channel from mailing where id = new.mailing_id) then
        return null;
      end if;
      new.lease_channel := null;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger send_chunk_channel before update of lease_token on send_chunk for each row
    when (new.lease_token is not null and new.lease_token is distinct from old.lease_token)
    execute function require_lease_channel()`.execute(db)
  await sql`
    create function keep_channel_of_test() returns trigger language plpgsql as $$
    begin
      select channel, subject into new.channel, new.subject from mailing where id = new.test_of;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger mailing_test_channel before insert on mailing for each row
    when (new.test_of is not null and new.channel = 'gateway') execute function keep_channel_of_test()`.execute(
    db,
  )
}

/**
 * Retries are leased by a statement that returns what it has looked at, whatever its update changes: the replica must not find them.
 * Of other channels, `due_at` lies beyond all times, and `channel_due_at` is the true one.
 */
async function guardRetries(db: Kysely<never>): Promise<void> {
  await sql`alter table retry add column channel_due_at timestamptz`.execute(db)
  await sql`
    create index retry_channel_due on retry (mailing_id, channel_due_at) where channel_due_at is not null`.execute(
    db,
  )
  await sql`
    create function set_channel_due() returns trigger language plpgsql as $$
    begin
      if (select channel from mailing where id = new.mailing_id) <> 'gateway' then
        new.channel_due_at := new.due_at;
        new.due_at := '9999-12-31T00:00:00Z';
      end if;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger retry_channel_due before insert or update of due_at on retry for each row
    when (new.due_at < '9999-12-31T00:00:00Z') execute function set_channel_due()`.execute(db)
}
