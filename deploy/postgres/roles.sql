-- A role for each app with the least that it works with. Run it after npm run migrate, in Runnel's database, as the role that migrates
-- (which has to be allowed to create roles); and again after every migration:
--   psql "$DATABASE_URL" -f deploy/postgres/roles.sql
-- then give each a password: \password runnel_consumer
-- and its app CONSUMER_DATABASE_URL=postgres://runnel_consumer:<password>@.../runnel. What each may do: docs/TRANSPORT.md.
begin;
-- One at a time.
select pg_advisory_xact_lock(5394256);

set local lock_timeout = '5s';

do $$
declare
  app text;
begin
  foreach app in array array['runnel_ingest_api', 'runnel_consumer', 'runnel_query_api', 'runnel_message_dispatcher',
    'runnel_producer_sim', 'runnel_attempts']
  loop
    if not exists (select from pg_roles where rolname = app) then
      execute format('create role %I %s nosuperuser nocreatedb nocreaterole inherit', app,
        case app when 'runnel_attempts' then 'nologin' else 'login' end);
    end if;
    -- Migrations change what they own.
    execute format('grant %I to current_user', app);
    execute format('grant usage on schema %I to %I', current_schema(), app);
    -- What an earlier version of this file allowed is not kept.
    execute format('revoke all on all tables in schema %I from %I', current_schema(), app);
    execute format('revoke all on all sequences in schema %I from %I', current_schema(), app);
  end loop;
  -- Whoever makes partitions makes tables.
  execute format('grant create on schema %I to runnel_consumer, runnel_message_dispatcher, runnel_attempts', current_schema());
end $$;

-- Partitions are attached, detached and dropped by the owner of their table alone, to whom they belong: the consumer for those of
-- events. Those of attempts are made by message-dispatcher, and removed by the consumer when their time is over.
grant runnel_attempts to runnel_consumer, runnel_message_dispatcher;
do $$
declare
  part record;
begin
  for part in
    select child.oid::regclass as name, wanted.owner
    from (values ('metric', 'runnel_consumer'), ('log', 'runnel_consumer'), ('product_event', 'runnel_consumer'),
      ('span', 'runnel_consumer'), ('operation_minute', 'runnel_consumer'), ('edge_minute', 'runnel_consumer'),
      ('log_minute_delta', 'runnel_consumer'), ('log_minute', 'runnel_consumer'), ('attempt', 'runnel_attempts')) wanted (root, owner)
    cross join lateral pg_partition_tree(to_regclass(wanted.root)) tree
    join pg_class child on child.oid = tree.relid
    where pg_get_userbyid(child.relowner) <> wanted.owner
  loop
    execute format('alter table %s owner to %I', part.name, part.owner);
  end loop;
end $$;
grant all on metric, log, product_event, span, operation_minute, edge_minute, log_minute_delta, log_minute to runnel_consumer;
grant all on attempt to runnel_attempts;

-- Every app: whether the schema is its own; which keys there are, when they were used, and what they did.
grant select on kysely_migration, access_state, api_key, api_key_use, api_key_usage
  to runnel_ingest_api, runnel_consumer, runnel_query_api, runnel_message_dispatcher, runnel_producer_sim;
grant insert, update on api_key_use, api_key_usage
  to runnel_ingest_api, runnel_consumer, runnel_query_api, runnel_message_dispatcher, runnel_producer_sim;

-- ingest-api lists, replays and deletes dead letters.
grant select, update, delete on dead_letter to runnel_ingest_api;

-- consumer stores events, and removes what is old.
grant select, insert, update, delete on event_key, product, product_position, open_edge, dead_letter, time_mark,
  log_counted_day to runnel_consumer;
grant usage on sequence product_generated_id to runnel_consumer;

-- query-api reads what it shows,
grant select on log, metric, product, product_event, span, operation_minute, edge_minute, time_mark,
  log_minute_delta, log_minute, log_counted_day,
  mailing, mailing_text, mailing_zone, mailing_cell, mailing_stat, mailing_tally, message, send_chunk, retry, attempt, sent_text
  to runnel_query_api;
-- and writes who is signed in,
grant select, insert, update, delete on person_session to runnel_query_api;
-- attempts to sign in with local accounts,
grant select, update (totp_step, failures, failed_at, locked_until, signed_in_at) on local_account to runnel_query_api;
-- and who signed in and out: entries of the audit log are added there, and neither read nor changed.
grant insert on audit_log to runnel_query_api;

-- message-dispatcher has clients, mailings, reports, alerts and dashboards, and makes keys.
grant select, insert, update, delete on
  client, client_import, client_import_error, suppression, suppressed_address,
  mailing, mailing_text, mailing_zone, mailing_cell, mailing_stat, mailing_tally, message, send_chunk, retry, sent_text,
  provider_state, dispatcher_heartbeat, notification, notification_round, daily_report, alert, alert_condition, audit_log, dashboard
  to runnel_message_dispatcher;
grant usage on sequence message_block to runnel_message_dispatcher;
grant insert, update, delete on api_key to runnel_message_dispatcher;
grant update on access_state to runnel_message_dispatcher;
grant delete on api_key_usage to runnel_message_dispatcher;
-- It counts events and dead letters for reports and alerts.
grant select on metric, log, product_event, span, dead_letter, time_mark to runnel_message_dispatcher;
commit;
