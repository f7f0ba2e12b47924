import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import {
  MAILING,
  type MailingRow,
  RECIPIENT,
  type RecipientRow,
  toMailing,
  toRecipient,
} from './recipient-rows.ts'
import { isFree, isLive, milliseconds } from './send-conditions.ts'
import type { ClaimOptions, Recipient, SendMailing } from './send-types.ts'

/** Due messages of one mailing, all leased by the same token. */
export interface ClaimedRetries {
  readonly mailing: SendMailing
  readonly recipients: readonly Recipient[]
  /** Ids of those that may have been sent: under an earlier lease without a result, or with a result that leaves it open. */
  readonly startedBefore: ReadonlySet<number>
}

interface ClaimedRow extends MailingRow {
  recipients: readonly RecipientRow[]
  started_before: readonly number[] | null
  refusals: Readonly<Record<string, number>> | null
}

/** See CANDIDATES of claim-chunks.ts. */
const CANDIDATES = 2

/**
 * Leases messages of live mailings whose next attempt is due. Mailings take turns; in each, what is due longest comes
 * first. A leased message counts as started; that it was leased before is kept, for it may be given back unsent.
 */
export async function claimRetries({ kysely }: Database, options: ClaimOptions): Promise<ClaimedRetries[]> {
  const { channel = 'gateway', limit, nowMs, sendTimeoutMs, avoid = [], lostTokens = [] } = options
  // Whichever the migration 0020 keeps for the channel.
  const dueAt = sql.ref(channel === 'gateway' ? 'r.due_at' : 'r.channel_due_at')
  const free = isFree('r', lostTokens)
  const { rows } = await sql<ClaimedRow>`
    with candidate as materialized (
      select n.message_id, row_number() over (partition by g.id order by n.due_at) as place
      from mailing g cross join lateral (
        select r.message_id, ${dueAt} as due_at from retry r
        where r.mailing_id = g.id and ${dueAt} <= ${new Date(nowMs)} and ${free}
        order by ${dueAt} limit ${limit * CANDIDATES}
      ) n
      where ${isLive(nowMs, sendTimeoutMs)} and g.channel = ${channel} and g.id <> all(${sql.val(avoid)}::bigint[])
    ), chosen as materialized (
      select r.message_id, r.mailing_id, r.refusals,
        r.in_doubt or (r.lease_token is not null and r.lease_token <> all(${sql.val(lostTokens)}::uuid[]))
          as started_before
      from retry r join candidate using (message_id)
      where ${dueAt} <= ${new Date(nowMs)} and ${free}
      order by candidate.place, random() limit ${limit} for update of r skip locked
    ), claimed as (
      update retry r set lease_token = ${options.token}, lease_owner = ${options.owner},
        leased_until = clock_timestamp() + ${milliseconds(options.leaseMs)}, in_doubt = chosen.started_before
      from chosen where r.message_id = chosen.message_id
    )
    select ${MAILING}, json_agg(${RECIPIENT} order by m.id) as recipients,
      json_agg(m.id) filter (where chosen.started_before) as started_before,
      json_object_agg(m.id, chosen.refusals) filter (where chosen.refusals > 0) as refusals
    from chosen join mailing g on g.id = chosen.mailing_id join message m on m.id = chosen.message_id group by g.id`.execute(
    kysely,
  )
  return rows.map((row) => ({
    mailing: toMailing(row),
    recipients: row.recipients.map((recipient) => toRecipient(recipient, row.refusals)),
    startedBefore: new Set(row.started_before),
  }))
}
