-- A role that reads and changes nothing, for query-api. Run once, as the role that runs npm run migrate, in Runnel's database:
--   psql "$DATABASE_URL" -f deploy/postgres/reader.sql
-- then give it a password: \password runnel_reader
-- and query-api QUERY_API_DATABASE_URL=postgres://runnel_reader:<password>@.../runnel
create role runnel_reader login nosuperuser nocreatedb nocreaterole noinherit;
alter role runnel_reader set default_transaction_read_only = on;
grant usage on schema public to runnel_reader;
grant select on all tables in schema public to runnel_reader;
-- Tables of later migrations, and partitions of the days to come.
alter default privileges in schema public grant select on tables to runnel_reader;
