import { toDouble, type JsonNumber } from '@runnel/contracts'
import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { ms } from '@runnel/repositories-database'
import { MESSAGE_COLUMNS, type MessageRow, type StoredMessage, toMessage } from './list-messages.ts'
import { AS_OF, type Snapshot } from '@runnel/repositories-database'

/** Attempts that are given with a message. There may be thousands: a retry every ten minutes for weeks. */
const MAX_ATTEMPTS = 100

interface StoredAttempt {
  /** 1 for the first one. */
  readonly number: number
  readonly startedAtMs: number
  readonly durationMs: number
  readonly outcome: string
  readonly httpStatus: number | null
  readonly gatewayCode: number | null
  readonly detail: string | null
}

export interface StoredMessageWithAttempts extends StoredMessage {
  /** The newest first; old ones may be missing. */
  readonly lastAttempts: readonly StoredAttempt[]
}

interface Row extends MessageRow {
  as_of_ms: number
  last_attempts: (Omit<StoredAttempt, 'gatewayCode'> & { gatewayCode: JsonNumber | null })[]
}

/**
 * A message with its last attempts. It stays readable when its mailing is deleted.
 *
 * @returns undefined as value where there is no such message
 */
export async function findMessage(
  { kysely }: Database,
  id: number,
): Promise<Snapshot<StoredMessageWithAttempts | undefined>> {
  const { rows } = await sql<Row>`
    select ${AS_OF} as as_of_ms, ${MESSAGE_COLUMNS}, (
      select coalesce(json_agg(a), '[]') from (
        select number, ${ms('started_at')} as "startedAtMs", duration_ms as "durationMs", outcome,
          http_status as "httpStatus", gateway_code::float8 as "gatewayCode", detail
        from attempt where message_id = m.id order by started_at desc limit ${MAX_ATTEMPTS}
      ) a
    ) as last_attempts
    from (values (1)) one
    left join message m on m.id = ${id}
    left join mailing_cell c on c.mailing_id = m.mailing_id and c.id = m.cell`.execute(kysely)
  const row = rows[0]!
  return {
    asOfMs: row.as_of_ms,
    value:
      row.id === null ? undefined : { ...toMessage(row), lastAttempts: row.last_attempts.map(toAttempt) },
  }
}

/** A code may lie beyond 2^53, of which a double shows the first digits. */
function toAttempt({ gatewayCode, ...attempt }: Row['last_attempts'][number]): StoredAttempt {
  return { ...attempt, gatewayCode: gatewayCode === null ? null : toDouble(gatewayCode) }
}
