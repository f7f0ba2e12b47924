import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { inRange, stepOf } from './event-filter.ts'
import { ms } from '@runnel/repositories-database'
import { levelOf } from './level-sql.ts'
import { type LogFilter, matches } from './log-reads.ts'
import { requireScannable } from '@runnel/repositories-database'

export interface LogCount {
  /** Start of the step. */
  readonly atMs: number
  readonly level: string | null
  /** Levels beyond the most frequent ones, together. */
  readonly other: boolean
  readonly count: number
}

/** Levels that are counted one by one: any text may be one. */
const MAX_LEVELS = 100

/**
 * Counts by level and time step, steps without entries left out. One pass over the range, however many levels. What levels
 * mean is looked up behind the counting, for few rows.
 *
 * The second half of the union is empty, and known to be so before anything runs. It keeps the planner from taking every
 * moment for a group of its own, a million of them: with the few that it now expects, parallel workers count each for
 * themselves.
 */
export async function countLogs(
  database: Pick<Database, 'kysely' | 'maxScanRows'>,
  filter: LogFilter,
  stepMs: number,
): Promise<LogCount[]> {
  await requireScannable(database, 'log', inRange(filter))
  const { rows } = await sql<{ at_ms: number; level: string | null; other: boolean; count: number }>`
    with written as materialized (
      select at, level, count(*) as count from (
        select ${stepOf(stepMs)} as at, level from log where ${matches(filter)}
        union all
        select null, null from log where received_at < '0001-01-01'
      ) stepped group by 1, 2
    ), counted as materialized (
      select at, case when level is not null then ${levelOf(sql`level`)} end as level, sum(count) as count
      from written group by 1, 2
    ), ranked as (
      select level, row_number() over (order by sum(count) desc, level) > ${MAX_LEVELS} as other
      from counted group by level
    )
    select ${ms('at')} as at_ms, case when not other then counted.level end as level, other, sum(count)::float8 as count
    from counted join ranked on ranked.level is not distinct from counted.level
    group by 1, 2, 3 order by 1, 3, 2`.execute(database.kysely)
  return rows.map(({ at_ms, ...row }) => ({ atMs: at_ms, ...row }))
}
