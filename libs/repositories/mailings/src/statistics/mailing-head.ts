import type { ChannelName, MailingStatus } from '@runnel/contracts'
import { sql } from 'kysely'
import { ms } from '@runnel/repositories-database'

/** What statistics say of the mailing itself. Times are milliseconds since 1970. */
export interface MailingHead {
  readonly id: number
  readonly name: string
  readonly status: MailingStatus
  readonly channel: ChannelName
  readonly startsAtMs: number
  readonly endsAtMs: number
  readonly startedAtMs: number | null
  readonly finishedAtMs: number | null
  readonly settledAtMs: number | null
  readonly deletedAtMs: number | null
  /** The mailing of which it is a test. */
  readonly testOf: number | null
  /** Whether every message is there already. */
  readonly materialised: boolean
  /** Part of the clients that have been looked at so far, from 0 to 1. */
  readonly materialisedShare: number
}

export interface MailingHeadRow {
  id: number
  name: string
  status: MailingStatus
  channel: ChannelName
  starts_at_ms: number
  ends_at_ms: number
  started_at_ms: number | null
  finished_at_ms: number | null
  settled_at_ms: number | null
  deleted_at_ms: number | null
  test_of: number | null
  materialised: boolean
  materialised_share: number
}

/** Columns of a {@link MailingHeadRow}, from the table `mailing`. */
export const MAILING_HEAD = sql`id, name, status, channel, ${ms('starts_at')} as starts_at_ms, ${ms('ends_at')} as ends_at_ms,
  ${ms('started_at')} as started_at_ms, ${ms('finished_at')} as finished_at_ms, ${ms('settled_at')} as settled_at_ms,
  ${ms('deleted_at')} as deleted_at_ms, test_of,
  materialised_at is not null as materialised,
  case when materialised_at is not null then 1
    else coalesce(materialised_through / nullif(audience_through, 0)::float8, 0) end as materialised_share`

export function toMailingHead(row: MailingHeadRow): MailingHead {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    channel: row.channel,
    startsAtMs: row.starts_at_ms,
    endsAtMs: row.ends_at_ms,
    startedAtMs: row.started_at_ms,
    finishedAtMs: row.finished_at_ms,
    settledAtMs: row.settled_at_ms,
    deletedAtMs: row.deleted_at_ms,
    testOf: row.test_of,
    materialised: row.materialised,
    materialisedShare: row.materialised_share,
  }
}
