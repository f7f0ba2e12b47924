import { sql, type Transaction } from 'kysely'
import { eventTimeMs, type Kind } from '@runnel/contracts'
import { EVENT_TABLES, type Schema } from '@runnel/repositories-database'

/** A row that claims to have been a dead letter: any client of the broker may claim it. */
export interface ReplayedLetter {
  readonly rowId: string
  /** Source id of the letter. */
  readonly letterId: string
  /** SHA-256 of the letter's bytes, in hexadecimal digits: of what was published, unless that was edited. */
  readonly payloadHash: string
}

export interface FoundLetters {
  /** Letters that are there, with the very bytes of the hash. */
  readonly letters: readonly ReplayedLetter[]
  /** Row ids of those under whose id an event is stored all the same: a replay may not go missing behind it. */
  readonly taken: ReadonlySet<string>
}

/**
 * A letter is removed by the hash of its own bytes alone: who publishes something else under its id removes nothing. A malformed
 * member of an envelope is published in an envelope.
 */
export async function findReplayedLetters(
  trx: Transaction<Schema>,
  kind: Kind,
  replayed: readonly ReplayedLetter[],
): Promise<FoundLetters> {
  if (replayed.length === 0) return { letters: [], taken: new Set() }
  const records = replayed.map((letter) => ({
    ...letter,
    receivedAt: new Date(eventTimeMs(letter.rowId)).toISOString(),
  }))
  const { rows } = await sql<ReplayedLetter & { taken: boolean }>`
    select r."rowId", r."letterId", r."payloadHash",
      exists (select from ${sql.table(EVENT_TABLES[kind])} e where e.id = r."rowId" and e.received_at = r."receivedAt") as taken
    from json_to_recordset(${JSON.stringify(records)}::json)
      as r("rowId" uuid, "letterId" uuid, "payloadHash" text, "receivedAt" timestamptz)
    join dead_letter d on d.source_id = r."letterId" and d.kind = ${kind}
    where encode(sha256(case when d.form = 'entry'
      then convert_to('{"events":[', 'UTF8') || d.payload || convert_to(']}', 'UTF8')
      else d.payload end), 'hex') = r."payloadHash"`.execute(trx)
  return { letters: rows, taken: new Set(rows.filter(({ taken }) => taken).map(({ rowId }) => rowId)) }
}

/** Those are stored now, or were stored before under their key. */
export async function removeLetters(
  trx: Transaction<Schema>,
  letters: readonly ReplayedLetter[],
): Promise<void> {
  if (letters.length === 0) return
  const ids = letters.map(({ letterId }) => letterId)
  await sql`delete from dead_letter where source_id = any(${ids}::uuid[])`.execute(trx)
}
