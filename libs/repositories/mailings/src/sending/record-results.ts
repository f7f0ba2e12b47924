import { sql, type Transaction } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import {
  type AppliedTransition,
  applyTransitions,
  type TransitionOptions,
} from '../messages/apply-transitions.ts'
import type { Schema } from '@runnel/repositories-database'
import { keepRecordsWithValidLease } from './keep-records-with-valid-lease.ts'
import { packTexts } from './pack-texts.ts'
import type { SendRecord } from './send-types.ts'

/**
 * Records what became of messages, in one transaction: their statuses with all that hangs on those, and the attempts.
 * The same records may be given any number of times; {@link keepRecordsWithValidLease} leaves out stale ones. Attempts
 * are facts and are always kept, and with them the texts that were sent, in the same transaction.
 *
 * @param records at most one for a message
 * @returns transitions that happened
 * @throws where the partition of an attempt's day is missing: see classifyFailure
 */
export async function recordResults(
  { kysely }: Database,
  records: readonly SendRecord[],
  options: TransitionOptions,
): Promise<AppliedTransition[]> {
  if (records.length === 0) return []
  const attempts = await toAttempts(records)
  return kysely.transaction().execute(async (trx) => {
    const kept = await keepRecordsWithValidLease(trx, records)
    await insertAttempts(trx, attempts)
    return applyTransitions(trx, kept, options)
  })
}

interface Attempts {
  readonly rows: readonly object[]
  /** Their texts; undefined where none is kept. */
  readonly packed: Buffer | undefined
}

async function toAttempts(records: readonly SendRecord[]): Promise<Attempts> {
  const texts: string[] = []
  const rows = records.flatMap(({ messageId, mailingId, attempts, attempt }) => {
    if (!attempt) return []
    const { startedAtMs, durationMs, outcome, httpStatus, gatewayCode, detail, content } = attempt
    return {
      message_id: messageId,
      mailing_id: mailingId,
      number: attempts,
      started_at: new Date(startedAtMs),
      duration_ms: Math.round(durationMs),
      outcome,
      http_status: httpStatus,
      gateway_code: gatewayCode,
      detail,
      phone: content?.phone,
      version: content?.version,
      address: content?.address,
      text_place: content && texts.push(content.text) - 1,
      subject_place: content?.subject === undefined ? undefined : texts.push(content.subject) - 1,
    }
  })
  return { rows, packed: texts.length === 0 ? undefined : await packTexts(texts) }
}

/** The texts are stored by the same statement; they are read by nothing but their id. */
async function insertAttempts(trx: Transaction<Schema>, { rows, packed }: Attempts): Promise<void> {
  if (rows.length === 0) return
  const kept = packed
    ? sql`insert into sent_text (texts) values (${packed}) returning id`
    : sql`select null::bigint as id`
  await sql`
    with kept as (${kept})
    insert into attempt (message_id, mailing_id, number, started_at, duration_ms, outcome, http_status, gateway_code, detail,
      phone, version, address, text_place, subject_place, text_id)
    select a.*, case when a.text_place is not null then (select id from kept) end
    from json_to_recordset(${JSON.stringify(rows)}::json) as a(message_id bigint, mailing_id bigint,
      number integer, started_at timestamptz, duration_ms integer, outcome text, http_status smallint,
      gateway_code bigint, detail text, phone bigint, version integer, address text, text_place smallint,
      subject_place smallint)
    on conflict (message_id, started_at) do nothing`.execute(trx)
}
