import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'

/** What replicas lease that know no channels: the statements of version 0.1, less what orders their rows. @returns ids of mailings */
export async function claimChunksAsBefore({ kysely }: Database, nowMs: number): Promise<number[]> {
  const now = new Date(nowMs)
  const { rows } = await sql<{ mailing_id: number }>`
    with live as materialized (
      select g.id, array_agg(z.time_zone) as zones
      from mailing g join mailing_zone z on z.mailing_id = g.id and z.open_from <= ${now} and z.open_until > ${now}
      where g.settled_at is null and g.status = 'running' and g.deleted_at is null
        and g.starts_at <= ${now} and g.ends_at > ${now}
      group by g.id
    ), candidate as materialized (
      select n.id from live cross join lateral (
        select c.id from send_chunk c
        where c.mailing_id = live.id and c.closed_at is null and c.time_zone = any(live.zones)
          and (c.leased_until is null or c.leased_until <= clock_timestamp())
        order by c.id limit 20
      ) n
    ), chosen as materialized (
      select c.id from send_chunk c join candidate using (id) where c.closed_at is null
      limit 10 for update of c skip locked
    )
    update send_chunk c set lease_token = ${randomUUID()}, lease_owner = 'before',
      leased_until = clock_timestamp() + interval '1 minute'
    from chosen where c.id = chosen.id returning c.mailing_id`.execute(kysely)
  return rows.map(({ mailing_id }) => mailing_id)
}

/** @returns ids of messages */
export async function claimRetriesAsBefore({ kysely }: Database, nowMs: number): Promise<number[]> {
  const now = new Date(nowMs)
  const { rows } = await sql<{ message_id: number }>`
    with candidate as materialized (
      select n.message_id from mailing g cross join lateral (
        select r.message_id from retry r
        where r.mailing_id = g.id and r.due_at <= ${now}
          and (r.leased_until is null or r.leased_until <= clock_timestamp())
        order by r.due_at limit 20
      ) n
      where g.settled_at is null and g.status = 'running' and g.deleted_at is null
        and g.starts_at <= ${now} and g.ends_at > ${now}
    ), chosen as materialized (
      select r.message_id, r.mailing_id from retry r join candidate using (message_id)
      where r.due_at <= ${now} limit 10 for update of r skip locked
    ), claimed as (
      update retry r set lease_token = ${randomUUID()}, lease_owner = 'before',
        leased_until = clock_timestamp() + interval '1 minute'
      from chosen where r.message_id = chosen.message_id
    )
    select chosen.message_id from chosen join mailing g on g.id = chosen.mailing_id
      join message m on m.id = chosen.message_id`.execute(kysely)
  return rows.map(({ message_id }) => message_id)
}
