import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

/** What waits to be sent. */
export interface SendBacklog {
  /** Chunks that are not done, at most MAX_COUNTED of them. */
  readonly openChunks: number
  /** Seconds since the oldest retry was due; 0 where none is. */
  readonly retryLagSeconds: number
  /** Seconds since the oldest chunk that no replica has leased could have been sent; 0 without such a chunk. */
  readonly chunkLagSeconds: number
}

/** Where more wait, the number says only that. */
const MAX_COUNTED = 100_000

/** Running mailings that are looked at. */
const MAX_MAILINGS = 200

/** Open chunks of a mailing that are looked at: the first ones are the oldest. */
const MAX_CHUNKS = 50

/**
 * Everything comes from indexes and is cut off, so that a scrape costs the same whatever waits.
 *
 * @param nowMs by the dispatcher's clock: what counts is whether a window is open then
 */
export async function readSendBacklog({ kysely }: Database, nowMs: number): Promise<SendBacklog> {
  const now = new Date(nowMs)
  const { rows } = await sql<SendBacklog>`
    with running as materialized (
      select id, starts_at, started_at, channel from mailing
      where settled_at is null and status = 'running' and deleted_at is null and ends_at > ${now}
      order by id limit ${MAX_MAILINGS}
    ), oldest_retry as (
      select min(r.since) as since from running m cross join lateral (
        (select due_at as since from retry where mailing_id = m.id and m.channel = 'gateway' order by due_at limit 1)
        union all (select channel_due_at from retry where mailing_id = m.id and m.channel <> 'gateway'
          and channel_due_at is not null order by channel_due_at limit 1)
      ) r
    ), oldest_chunk as (
      select min(greatest(z.open_from, m.starts_at, m.started_at)) as since from running m cross join lateral (
        select distinct c.time_zone from (
          select time_zone, leased_until from send_chunk
          where mailing_id = m.id and closed_at is null order by id limit ${MAX_CHUNKS}
        ) c where c.leased_until is null or c.leased_until < clock_timestamp()
      ) c join mailing_zone z on z.mailing_id = m.id and z.time_zone = c.time_zone
      where z.open_from <= ${now} and z.open_until > ${now}
    )
    select
      (select count(*)::int from (
        select 1 from send_chunk where closed_at is null limit ${MAX_COUNTED}
      ) c) as "openChunks",
      greatest(0, extract(epoch from ${now} - (select since from oldest_retry)))::float8 as "retryLagSeconds",
      greatest(0, extract(epoch from ${now} - (select since from oldest_chunk)))::float8 as "chunkLagSeconds"
  `.execute(kysely)
  return rows[0]!
}
