-- A role for query-api that reads, and changes nothing but who is signed in and when keys were used. Run after npm run migrate, as the
-- same role, in Runnel's database; it may be run again:
--   psql "$DATABASE_URL" -f deploy/postgres/reader.sql
-- then give it a password: \password runnel_reader
-- and query-api QUERY_API_DATABASE_URL=postgres://runnel_reader:<password>@.../runnel
do $$ begin
  if not exists (select from pg_roles where rolname = 'runnel_reader') then
    create role runnel_reader login nosuperuser nocreatedb nocreaterole noinherit;
  end if;
end $$;
grant usage on schema public to runnel_reader;
grant select on all tables in schema public to runnel_reader;
-- Sessions of people who signed in.
grant insert, update, delete on person_session to runnel_reader;
-- Who signed in and out, in the audit log: entries are added, and never changed.
grant insert on audit_log to runnel_reader;
-- Attempts to sign in with a local account.
grant update (totp_step, failures, failed_at, locked_until, signed_in_at) on local_account to runnel_reader;
-- When keys were last used, and what they did.
grant insert, update on api_key_use, api_key_usage to runnel_reader;
-- Tables of later migrations, and partitions of the days to come.
alter default privileges in schema public grant select on tables to runnel_reader;
