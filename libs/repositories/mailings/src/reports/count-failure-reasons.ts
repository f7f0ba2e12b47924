import { requireScannable, type Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import type { Period } from './list-handled-mailings.ts'

/** Messages that were not sent, or may not have been, for the same reason. */
export interface FailureReason {
  readonly status: 'failed' | 'unknown'
  /** A short code; null where none was noted. */
  readonly reason: string | null
  readonly count: number
}

const MAX_REASONS = 20

/**
 * Why messages of some mailings failed or are unknown whose last transition lies in a period; the most frequent first. It looks at
 * every message of these mailings.
 *
 * @throws AppError query_too_slow, or what the driver throws when its time is over
 */
export async function countFailureReasons(
  database: Database,
  mailingIds: readonly number[],
  { fromMs, untilMs }: Period,
): Promise<FailureReason[]> {
  if (mailingIds.length === 0) return []
  const ofMailings = sql<boolean>`mailing_id = any(${sql.val(mailingIds)}::bigint[])`
  await requireScannable(database, 'message', ofMailings)
  const { rows } = await sql<FailureReason>`
    select status, reason, count(*)::float8 as count from message
    where ${ofMailings} and status in ('failed', 'unknown')
      and updated_at >= ${new Date(fromMs)} and updated_at < ${new Date(untilMs)}
    group by status, reason order by count(*) desc, status, reason limit ${MAX_REASONS}`.execute(
    database.kysely,
  )
  return rows
}
