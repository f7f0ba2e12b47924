import { all, dayOf, ms, type Database, type Schema } from '@runnel/repositories-database'
import { sql, type RawBuilder, type Transaction } from 'kysely'
import { countLogs, type LogCount } from '../reads/count-logs.ts'
import { inRange, stepOf, type TimeRange } from '../reads/event-filter.ts'
import { isFiltered } from '../reads/log-filter.ts'
import type { LogFilter } from '../reads/log-reads.ts'
import { minuteOf } from '../writes/count-minutes.ts'
import { timestamp } from '../writes/store-events.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

type ClosedRange = TimeRange & { readonly toMs: number }

/**
 * Counts by level and time step from the counts of minutes, exactly those that {@link countLogs} would find. What lies between the ends of
 * the range and the next full minute is read from the entries, in the same snapshot.
 *
 * @returns undefined where there are no such counts: of searches by anything but level and service, for steps that are no full minutes, and
 * where entries in the range are not counted by what is asked for
 * @throws AppError query_too_slow
 */
export async function readLogCounts(
  database: Database,
  filter: LogFilter & ClosedRange,
  stepMs: number,
): Promise<LogCount[] | undefined> {
  const { levels: _levels, service: _service, ...conditions } = filter
  if (stepMs % MINUTE_MS !== 0 || isFiltered(conditions)) return undefined
  const full = { fromMs: minuteOf(filter.fromMs + MINUTE_MS - 1), toMs: minuteOf(filter.toMs) }
  if (full.fromMs >= full.toMs) return undefined
  const transaction = database.kysely.transaction().setIsolationLevel('repeatable read')
  return transaction.setAccessMode('read only').execute(async (trx) => {
    const days = await findCountedDays(trx, filter)
    if (await hasEntriesBeside(trx, days, full)) return undefined
    const counts = await sumMinutes(trx, days, { ...filter, ...full }, stepMs)
    const { maxScanRows } = database
    const scanned = { kysely: trx, ...(maxScanRows !== undefined && { maxScanRows }) }
    for (const { fromMs, toMs } of [
      { fromMs: filter.fromMs, toMs: full.fromMs },
      { fromMs: full.toMs, toMs: filter.toMs },
    ]) {
      if (fromMs < toMs) counts.push(...(await countLogs(scanned, { ...filter, fromMs, toMs }, stepMs)))
    }
    return counts
  })
}

/** Midnights of the days whose counts answer a question, in order. */
async function findCountedDays(trx: Transaction<Schema>, { service }: LogFilter): Promise<number[]> {
  // Which of the levels that are counted together are meant is not known.
  const conditions = [sql<boolean>`holds`, sql<boolean>`not other_levels`]
  if (service !== undefined) conditions.push(sql`(not other_services or ${service} = any(services))`)
  const { rows } = await sql<{ day_ms: number }>`
    select ${ms('received_at')} as day_ms from log_counted_day where ${all(conditions)} order by 1`.execute(
    trx,
  )
  return rows.map(({ day_ms }) => dayOf(day_ms))
}

/** Whether entries in the range were received on other days. */
async function hasEntriesBeside(
  trx: Transaction<Schema>,
  days: readonly number[],
  range: ClosedRange,
): Promise<boolean> {
  const { rows } = await sql`
    select from log where ${inRange(range)} and (${beside(days)}) limit 1`.execute(trx)
  return rows.length > 0
}

/** The times before, between and behind days, as ranges: the planner then leaves the partitions of the days out. */
function beside(days: readonly number[]): RawBuilder<unknown> {
  const starts = days.filter((day, i) => i === 0 || day !== days[i - 1]! + DAY_MS)
  const ends = days.filter((day, i) => day + DAY_MS !== days[i + 1]).map((day) => day + DAY_MS)
  const gaps = [...starts, undefined].map((start, i) => {
    const from = i === 0 ? undefined : ends[i - 1]
    const bounds: RawBuilder<boolean>[] = []
    if (from !== undefined) bounds.push(sql`received_at >= ${timestamp(from)}::timestamptz`)
    if (start !== undefined) bounds.push(sql`received_at < ${timestamp(start)}::timestamptz`)
    return sql`(${all(bounds)})`
  })
  return sql.join(gaps, sql` or `)
}

async function sumMinutes(
  trx: Transaction<Schema>,
  days: readonly number[],
  { fromMs, toMs, levels, service }: LogFilter & ClosedRange,
  stepMs: number,
): Promise<LogCount[]> {
  const conditions = [
    sql<boolean>`received_at = any(${days.map(timestamp)}::timestamptz[])`,
    sql<boolean>`minute >= ${timestamp(fromMs)}::timestamptz and minute < ${timestamp(toMs)}::timestamptz`,
  ]
  if (levels !== undefined) {
    const level = levels.includes('') ? sql`coalesce(level, '')` : sql`level`
    conditions.push(sql`${level} = any(${levels}::text[])`)
  }
  if (service !== undefined) conditions.push(sql`service = ${service}`)
  const counts = (table: keyof Schema) =>
    sql`select ${stepOf(stepMs, 'minute')} as at, level, entries from ${sql.table(table)} where ${all(conditions)}`
  const { rows } = await sql<{ at_ms: number; level: string | null; count: number }>`
    select ${ms('at')} as at_ms, level, sum(entries)::float8 as count
    from (${counts('log_minute')} union all ${counts('log_minute_delta')}) counted group by at, level`.execute(
    trx,
  )
  return rows.map(({ at_ms, level, count }) => ({ atMs: at_ms, level, other: false, count }))
}
