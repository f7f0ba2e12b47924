import type { ChannelName } from '@runnel/contracts'
import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { requireScannable } from '@runnel/repositories-database'
import { addressIn, isAddressChannel } from '../clients/channel-address.ts'
import { type AudienceFilter, inAudience, lacksAddress } from './audience-filter.ts'

/** Clients that are shown as examples, and groups that are counted one by one. */
const AUDIENCE_SAMPLE = 10
const AUDIENCE_GROUPS = 20

/** A client as a template sees it. */
export interface AudienceClient {
  readonly id: number
  readonly phone: number
  readonly operatorCode: string
  readonly tag: string
  readonly timeZone: string
  readonly attributes: unknown
  /** Of the channel; null where that is the gateway. */
  readonly address: string | null
}

interface AudienceGroup {
  readonly name: string
  readonly count: number
}

export interface Audience {
  readonly count: number
  /** Clients that would belong to it if they had an address of the channel; null once it has started. */
  readonly withoutAddress: number | null
  /** The largest groups, at most {@link AUDIENCE_GROUPS}. */
  readonly timeZones: readonly AudienceGroup[]
  readonly operators: readonly AudienceGroup[]
  /** The clients with the least ids. */
  readonly sample: readonly AudienceClient[]
}

/** Of the table `client` with the name `c`. */
const clientColumns = (channel: ChannelName = 'gateway') => sql`
  c.id, c.phone, c.operator_code as "operatorCode", c.tag, c.time_zone as "timeZone", c.attributes,
  ${isAddressChannel(channel) ? addressIn(channel, 'c') : sql`null::text`} as address`

/**
 * Whom a mailing with this filter would reach now. Reads every client of the audience: the caller bounds how many such
 * reads run at once.
 *
 * @throws AppError query_too_slow where no statement timeout would end it
 */
export async function readAudience(database: Database, filter: AudienceFilter): Promise<Audience> {
  await requireScannable(database, 'client', sql<boolean>`true`)
  const belongs = inAudience(filter)
  const { rows } = await sql<AudienceGroup & { by: string }>`
    with cells as materialized (
      select c.time_zone, c.operator_code, count(*) as n from client c where ${belongs} group by 1, 2
    ), zones as (
      select time_zone, sum(n) as n from cells group by 1 order by 2 desc, 1 limit ${AUDIENCE_GROUPS}
    ), operators as (
      select operator_code, sum(n) as n from cells group by 1 order by 2 desc, 1 limit ${AUDIENCE_GROUPS}
    )
    select 'all' as by, '' as name, coalesce(sum(n), 0) as count from cells
    union all select 'lacking', '', count(*) from client c where ${lacksAddress(filter)}
    union all select 'zone', time_zone, n from zones
    union all select 'operator', operator_code, n from operators
    order by count desc, name`.execute(database.kysely)
  const sample = await sql<AudienceClient>`
    select ${clientColumns(filter.channel)} from client c where ${belongs} order by c.id limit ${AUDIENCE_SAMPLE}`.execute(
    database.kysely,
  )
  const groups = toGroups(rows)
  return { ...groups, withoutAddress: countOf(rows, 'lacking'), sample: sample.rows }
}

/**
 * Some of the clients whom a mailing with this filter would reach now: those with the least ids. It counts nothing.
 *
 * @throws AppError query_too_slow where no statement timeout would end it
 */
export async function readAudienceSample(
  database: Database,
  filter: AudienceFilter,
  limit: number,
): Promise<readonly AudienceClient[]> {
  await requireScannable(database, 'client', sql<boolean>`true`)
  const { rows } = await sql<AudienceClient>`
    select ${clientColumns(filter.channel)} from client c where ${inAudience(filter)} order by c.id limit ${limit}`.execute(
    database.kysely,
  )
  return rows
}

/** Whom a mailing that has started reaches: the clients of its messages, as far as they are made. */
export async function readRecipients(
  database: Database,
  { id: mailingId, channel }: { readonly id: number; readonly channel: ChannelName },
): Promise<Audience> {
  const { rows } = await sql<AudienceGroup & { by: string }>`
    with zones as (
      select time_zone, sum(last_message_id - first_message_id + 1) as n from send_chunk
      where mailing_id = ${mailingId} group by 1 order by 2 desc, 1 limit ${AUDIENCE_GROUPS}
    ), operators as (
      select operator_code, sum(count) as n from mailing_stat s
      join mailing_cell c on c.mailing_id = s.mailing_id and c.id = s.cell
      where s.mailing_id = ${mailingId} group by 1 order by 2 desc, 1 limit ${AUDIENCE_GROUPS}
    )
    select 'all' as by, '' as name, message_count as count from mailing where id = ${mailingId}
    union all select 'zone', time_zone, n from zones
    union all select 'operator', operator_code, n from operators
    order by count desc, name`.execute(database.kysely)
  const sample = await sql<AudienceClient>`
    select ${clientColumns(channel)} from (
      select client_id from message where mailing_id = ${mailingId} order by client_id limit ${AUDIENCE_SAMPLE}
    ) m join client c on c.id = m.client_id order by c.id`.execute(database.kysely)
  return { ...toGroups(rows), withoutAddress: null, sample: sample.rows }
}

const countOf = (rows: readonly (AudienceGroup & { readonly by: string })[], by: string): number =>
  rows.find((row) => row.by === by)?.count ?? 0

function toGroups(rows: readonly (AudienceGroup & { readonly by: string })[]) {
  const of = (by: string) => rows.filter((row) => row.by === by).map(({ name, count }) => ({ name, count }))
  return { count: countOf(rows, 'all'), timeZones: of('zone'), operators: of('operator') }
}
