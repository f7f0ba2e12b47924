import { KEY_REUSED } from '@runnel/contracts'
import { all } from '@runnel/repositories-database'
import { sql, type RawBuilder } from 'kysely'

/** Everything that is given has to match. */
export interface DeadLetterFilter {
  readonly kind?: string | undefined
  /** Part of the reason. */
  readonly reason?: string | undefined
  /** What the reason begins with; see {@link REASON_CODE}. */
  readonly code?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  /** False: only those that wait for a person. */
  readonly replayed?: boolean | undefined
  /** Letters with this id or a smaller one: those that were there when the filter was counted. */
  readonly throughId?: number | undefined
  /** Only those that a replay of many takes; see isReplayable. */
  readonly replayable?: boolean | undefined
}

/** Reasons differ by what they quote. They begin with a code of Runnel, or the SQLSTATE of PostgreSQL. */
export const REASON_CODE = sql<string>`coalesce(substring(reason from '^([a-z][a-z_]{1,39}|[0-9A-Z]{5}): '), 'other')`

export function matches(filter: DeadLetterFilter): RawBuilder<boolean> {
  const { kind, reason, code, from, to, replayed, throughId, replayable = false } = filter
  const conditions: RawBuilder<boolean>[] = [sql`true`]
  if (kind !== undefined) conditions.push(sql`kind = ${kind}`)
  if (reason !== undefined) conditions.push(sql`position(${reason} in reason) > 0`)
  if (code !== undefined) conditions.push(sql`${REASON_CODE} = ${code}`)
  if (from !== undefined) conditions.push(sql`last_failed_at >= ${from}`)
  if (to !== undefined) conditions.push(sql`last_failed_at < ${to}`)
  if (replayed === false) conditions.push(sql`replayed_at is null`)
  if (replayed === true) conditions.push(sql`replayed_at is not null`)
  if (throughId !== undefined) conditions.push(sql`id <= ${throughId}`)
  if (replayable) conditions.push(isReplayable(code))
  return all(conditions)
}

/**
 * An operation that is unknown stays so. And an event whose key names another one may be that one, sent again in other
 * words: whether to store it as well is decided for each, or for all by naming the code.
 */
function isReplayable(code: string | undefined): RawBuilder<boolean> {
  const known = sql<boolean>`operation in ('upsert', 'delete')`
  return code === KEY_REUSED ? known : sql`${known} and ${REASON_CODE} <> ${KEY_REUSED}`
}
