import { sql, type Transaction } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import {
  type AppliedTransition,
  applyTransitions,
  type TransitionOptions,
} from '../messages/apply-transitions.ts'
import type { Schema } from '@runnel/repositories-database'
import { keepRecordsWithValidLease } from './keep-records-with-valid-lease.ts'
import type { SendRecord } from './send-types.ts'

/**
 * Records what became of messages, in one transaction: their statuses with all that hangs on those, and the attempts.
 * The same records may be given any number of times; {@link keepRecordsWithValidLease} leaves out stale ones. Attempts
 * are facts and are always kept.
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
  return kysely.transaction().execute(async (trx) => {
    const kept = await keepRecordsWithValidLease(trx, records)
    await insertAttempts(trx, records)
    return applyTransitions(trx, kept, options)
  })
}

async function insertAttempts(trx: Transaction<Schema>, records: readonly SendRecord[]): Promise<void> {
  const attempts = records.flatMap(({ messageId, mailingId, attempts, attempt }) => {
    if (!attempt) return []
    const { startedAtMs, durationMs, outcome, httpStatus, gatewayCode, detail } = attempt
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
    }
  })
  if (attempts.length === 0) return
  await sql`
    insert into attempt (message_id, mailing_id, number, started_at, duration_ms, outcome, http_status, gateway_code, detail)
    select * from json_to_recordset(${JSON.stringify(attempts)}::json) as a(message_id bigint, mailing_id bigint,
      number integer, started_at timestamptz, duration_ms integer, outcome text, http_status smallint,
      gateway_code bigint, detail text)
    on conflict (message_id, started_at) do nothing`.execute(trx)
}
