import { all, dayOf, ms, type Database, type Schema } from '@runnel/repositories-database'
import { sql, type RawBuilder, type Transaction } from 'kysely'
import { inRange, type TimeRange } from '../reads/event-filter.ts'
import { logConditions } from '../reads/log-filter.ts'
import type { LogFilter } from '../reads/log-reads.ts'
import { minuteOf } from '../writes/count-minutes.ts'
import { timestamp } from '../writes/store-events.ts'
import { countedConditions, type CountedConditions } from './counted-conditions.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

export type ClosedRange = TimeRange & { readonly toMs: number }

/** Counts of whole minutes within a range, and what is left of it, in one snapshot. */
export interface CountedMinutes {
  readonly trx: Transaction<Schema>
  /** The counts that match: rows with `minute`, `level`, `service`, `is_other_service` and `entries`. */
  readonly counts: RawBuilder<unknown>
  /** Parts of minutes at the ends of the range, whose entries have to be read. */
  readonly edges: readonly ClosedRange[]
  /** Where to read them. */
  readonly entries: Pick<Database, 'kysely' | 'maxScanRows'>
}

/**
 * Reads from the counts of minutes what would else be counted entry by entry.
 *
 * @returns undefined where there are no such counts: of searches by anything but level and service, of ranges within a minute or two, and
 * where entries in the range are not counted by what is asked for
 * @throws AppError query_too_slow; and what `read` throws
 */
export async function readCountedMinutes<T>(
  database: Database,
  filter: LogFilter & ClosedRange,
  read: (counted: CountedMinutes) => Promise<T>,
): Promise<T | undefined> {
  const conditions = countedConditions(filter)
  if (conditions === undefined) return undefined
  const full = { fromMs: minuteOf(filter.fromMs + MINUTE_MS - 1), toMs: minuteOf(filter.toMs) }
  if (full.fromMs >= full.toMs) return undefined
  const edges = [
    { fromMs: filter.fromMs, toMs: full.fromMs },
    { fromMs: full.toMs, toMs: filter.toMs },
  ].filter(({ fromMs, toMs }) => fromMs < toMs)
  const transaction = database.kysely.transaction().setIsolationLevel('repeatable read')
  return transaction.setAccessMode('read only').execute(async (trx) => {
    const days = await findCountedDays(trx, conditions)
    if (await hasEntriesBeside(trx, days, full)) return undefined
    const { maxScanRows } = database
    const entries = { kysely: trx, ...(maxScanRows !== undefined && { maxScanRows }) }
    return read({ trx, counts: countsSql(days, { ...filter, ...full }), edges, entries })
  })
}

/** Midnights of the days whose counts answer a question, in order. */
async function findCountedDays(
  trx: Transaction<Schema>,
  { services, needsEveryService }: CountedConditions,
): Promise<number[]> {
  // Which of the levels that are counted together are meant is not known.
  const conditions = [sql<boolean>`holds`, sql<boolean>`not other_levels`]
  if (needsEveryService) conditions.push(sql`not other_services`)
  else if (services.length > 0) conditions.push(sql`(not other_services or ${services}::text[] <@ services)`)
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

/** The conditions look at level and service alone, which counts have as entries do. */
function countsSql(
  days: readonly number[],
  { fromMs, toMs, levels, service, query }: LogFilter & ClosedRange,
): RawBuilder<unknown> {
  const where = all([
    sql<boolean>`received_at = any(${days.map(timestamp)}::timestamptz[])`,
    sql<boolean>`minute >= ${timestamp(fromMs)}::timestamptz and minute < ${timestamp(toMs)}::timestamptz`,
    logConditions({ levels, service, query }),
  ])
  return sql`(
    select minute, level, service, is_other_service, entries from log_minute where ${where}
    union all
    select minute, level, service, false, entries from log_minute_delta where ${where})`
}
