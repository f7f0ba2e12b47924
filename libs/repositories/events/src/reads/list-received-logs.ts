import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { timestamp } from '../writes/store-events.ts'
import type { PageOptions } from './event-filter.ts'
import { logConditions, type LogConditions } from './log-filter.ts'
import { LOG_COLUMNS, MESSAGE_BYTES, type LogTableRow, type StoredLog, toLog } from './log-reads.ts'
import { firstIdAt } from './first-id-at.ts'

/** Entries that are looked at, the newest ones. */
const MAX_LOOKED_AT = 50_000

export interface ReceivedLogs {
  /** Those that came last, in the order of their ids. */
  readonly items: StoredLog[]
  /** How many match in all. */
  readonly found: number
}

/** Entries that came in since a time, whenever they occurred: what a client has missed that follows them live. */
export async function listReceivedLogs(
  { kysely }: Database,
  conditions: LogConditions,
  fromMs: number,
  { limit, maxBytes }: Pick<PageOptions, 'limit' | 'maxBytes'>,
): Promise<ReceivedLogs> {
  // The index is one of ids, which begin with their time.
  const { rows } = await sql<LogTableRow & { found: number }>`
    select * from (
      select ${LOG_COLUMNS}, count(*) over ()::float8 as found,
        sum(octet_length(data::text) + ${MESSAGE_BYTES}) over (order by id desc rows unbounded preceding) as bytes,
        row_number() over (order by id desc) as place
      from (
        select * from log where received_at >= ${timestamp(fromMs)}::timestamptz and id >= ${firstIdAt(fromMs)}::uuid
        order by id desc limit ${MAX_LOOKED_AT}
      ) log
      where ${logConditions(conditions)}
    ) sized
    where place <= ${limit} and (place = 1 or bytes <= ${maxBytes})
    order by id`.execute(kysely)
  return { items: rows.map(toLog), found: rows[0]?.found ?? 0 }
}
