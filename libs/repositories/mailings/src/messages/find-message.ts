import { toDouble, type JsonNumber } from '@runnel/contracts'
import { sql, type Kysely } from 'kysely'
import type { Database, Schema } from '@runnel/repositories-database'
import { ms } from '@runnel/repositories-database'
import { unpackTexts } from '../sending/pack-texts.ts'
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
  /** The one that it went to; null, like the version, where that was not kept. */
  readonly phone: number | null
  /** The same, where that is no phone. */
  readonly address: string | null
  /** Of the mailing. */
  readonly version: number | null
  /** As it was sent; null where that was not kept, or is kept no more. */
  readonly text: string | null
  /** The same; null where the channel has none, too. */
  readonly subject: string | null
}

export interface StoredMessageWithAttempts extends StoredMessage {
  /** The newest first; old ones may be missing. */
  readonly lastAttempts: readonly StoredAttempt[]
}

interface Row extends MessageRow {
  as_of_ms: number
  last_attempts: AttemptRow[]
}

interface AttemptRow extends Omit<StoredAttempt, 'gatewayCode' | 'text' | 'subject'> {
  readonly gatewayCode: JsonNumber | null
  readonly textId: number | null
  readonly textPlace: number | null
  readonly subjectPlace: number | null
}

type SentTexts = Pick<StoredAttempt, 'text' | 'subject'>

/** Transactions whose texts are unpacked for one message. */
const MAX_UNPACKED = 20

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
          http_status as "httpStatus", gateway_code::float8 as "gatewayCode", detail, phone, address, version,
          text_id as "textId", text_place as "textPlace", subject_place as "subjectPlace"
        from attempt where message_id = m.id order by started_at desc limit ${MAX_ATTEMPTS}
      ) a
    ) as last_attempts
    from (values (1)) one
    left join message m on m.id = ${id}
    left join mailing_cell c on c.mailing_id = m.mailing_id and c.id = m.cell`.execute(kysely)
  const row = rows[0]!
  if (row.id === null) return { asOfMs: row.as_of_ms, value: undefined }
  const textsOf = await readTexts(kysely, row.last_attempts)
  const lastAttempts = row.last_attempts.map((attempt) => toAttempt(attempt, textsOf(attempt)))
  return { asOfMs: row.as_of_ms, value: { ...toMessage(row), lastAttempts } }
}

/** @returns what an attempt has sent, null where it is not kept */
async function readTexts(kysely: Kysely<Schema>, attempts: readonly AttemptRow[]) {
  const ids = [...new Set(attempts.flatMap(({ textId }) => textId ?? []))].slice(0, MAX_UNPACKED)
  const rows =
    ids.length === 0
      ? []
      : await kysely.selectFrom('sent_text').select(['id', 'texts']).where('id', 'in', ids).execute()
  const texts = new Map<number, readonly string[]>()
  for (const { id, texts: packed } of rows) texts.set(id, await unpackTexts(packed))
  const at = (id: number | null, place: number | null): string | null =>
    id === null || place === null ? null : (texts.get(id)?.[place] ?? null)
  return ({ textId, textPlace, subjectPlace }: AttemptRow): SentTexts => ({
    text: at(textId, textPlace),
    subject: at(textId, subjectPlace),
  })
}

/** A code may lie beyond 2^53, of which a double shows the first digits. */
function toAttempt(
  {
    gatewayCode,
    textId: _textId,
    textPlace: _textPlace,
    subjectPlace: _subjectPlace,
    ...attempt
  }: AttemptRow,
  texts: SentTexts,
): StoredAttempt {
  return { ...attempt, gatewayCode: gatewayCode === null ? null : toDouble(gatewayCode), ...texts }
}
