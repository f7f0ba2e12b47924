import {
  classifyFailure,
  ensurePartitions,
  ms,
  type Database,
  type Schema,
} from '@runnel/repositories-database'
import { sql, type Transaction } from 'kysely'
import { timestamp } from '../writes/store-events.ts'
import { CountedNames, MAX_COUNTED } from './counted-names.ts'
import { tryCounterLock } from './counter-lock.ts'

/** Appended rows that one transaction folds. */
const BLOCK = 20_000

export interface FoldedCounts {
  /** Appended rows that are folded now. */
  readonly folded: number
  /** There may be more to do at once. */
  readonly isFull: boolean
}

export interface FoldOptions {
  readonly max?: typeof MAX_COUNTED
  readonly block?: number
}

/**
 * Adds what batches have appended to the counts of their minutes, day by day: a row is removed and added in one transaction. Replicas
 * may do so at the same time; one of them does, and the others leave it to that. A missing day partition is created.
 *
 * @throws what the driver throws; days before the one that failed are folded then
 */
export async function foldLogCounts(
  database: Database,
  { max = MAX_COUNTED, block = BLOCK }: FoldOptions = {},
): Promise<FoldedCounts> {
  let folded = 0
  let isFull = false
  for (const dayMs of await findDays(database)) {
    const rows = await foldDay(database, dayMs, { max, block })
    folded += rows
    isFull ||= rows === block
  }
  return { folded, isFull }
}

/** Days that have something to fold: the first row of each partition is looked for. */
async function findDays({ kysely }: Database): Promise<number[]> {
  const { rows } = await sql<{ day_ms: number }>`
    select ${ms('received_at')} as day_ms from log_counted_day d
    where exists (select from log_minute_delta m where m.received_at = d.received_at)
    order by received_at`.execute(kysely)
  return rows.map(({ day_ms }) => day_ms)
}

async function foldDay(database: Database, dayMs: number, options: Required<FoldOptions>): Promise<number> {
  const attempt = () =>
    database.kysely.transaction().execute(async (trx) => {
      if (!(await tryCounterLock(trx))) return 0
      const taken = await takeDeltas(trx, dayMs, options.block)
      await addToMinutes(trx, dayMs, taken, options.max)
      return taken.reduce((sum, { deltas }) => sum + deltas, 0)
    })
  try {
    return await attempt()
  } catch (error) {
    if (classifyFailure(error) !== 'missing_partition') throw error
    await ensurePartitions(database, [dayMs], ['log_minute'])
    return attempt()
  }
}

interface TakenCount {
  readonly minute_ms: number
  readonly level: string | null
  readonly service: string | null
  readonly entries: number
  /** Rows that it was the sum of. */
  readonly deltas: number
}

async function takeDeltas(trx: Transaction<Schema>, dayMs: number, block: number): Promise<TakenCount[]> {
  const day = sql`${timestamp(dayMs)}::timestamptz`
  const { rows } = await sql<TakenCount>`
    with gone as (
      delete from log_minute_delta where received_at = ${day} and ctid = any(array(
        select ctid from log_minute_delta where received_at = ${day} limit ${block}
      ))
      returning minute, level, service, entries
    )
    select ${ms('minute')} as minute_ms, level, service, sum(entries)::float8 as entries, count(*)::float8 as deltas
    from gone group by minute, level, service`.execute(trx)
  return rows
}

async function addToMinutes(
  trx: Transaction<Schema>,
  dayMs: number,
  taken: readonly TakenCount[],
  max: typeof MAX_COUNTED,
): Promise<void> {
  if (taken.length === 0) return
  const { services, levels } = await readNames(trx, dayMs, max)
  const counts = taken.map(({ minute_ms, level, service, entries }) => {
    const [isOtherLevel, isOtherService] = [!levels.take(level), !services.take(service)]
    return {
      minute: timestamp(minute_ms),
      level: isOtherLevel ? null : level,
      service: isOtherService ? null : service,
      is_other_level: isOtherLevel,
      is_other_service: isOtherService,
      entries,
    }
  })
  await sql`
    insert into log_minute as m (received_at, minute, level, service, is_other_level, is_other_service, entries)
    select ${timestamp(dayMs)}::timestamptz, minute, level, service, is_other_level, is_other_service, sum(entries)
    from json_to_recordset(${JSON.stringify(counts)}::json) as r(minute timestamptz, level text, service text,
      is_other_level boolean, is_other_service boolean, entries bigint)
    group by 2, 3, 4, 5, 6
    on conflict (minute, service, level, is_other_service, is_other_level, received_at)
      do update set entries = m.entries + excluded.entries`.execute(trx)
  if (!services.hasChanged && !levels.hasChanged) return
  await sql`
    update log_counted_day set services = ${services.names}::text[], levels = ${levels.names}::text[],
      other_services = ${services.hasOthers}, other_levels = ${levels.hasOthers}
    where received_at = ${timestamp(dayMs)}::timestamptz`.execute(trx)
}

async function readNames(trx: Transaction<Schema>, dayMs: number, max: typeof MAX_COUNTED) {
  const { rows } = await sql<{
    services: string[]
    levels: string[]
    other_services: boolean
    other_levels: boolean
  }>`
    select services, levels, other_services, other_levels from log_counted_day
    where received_at = ${timestamp(dayMs)}::timestamptz`.execute(trx)
  const [day = { services: [], levels: [], other_services: false, other_levels: false }] = rows
  return {
    services: new CountedNames(day.services, day.other_services, max.services),
    levels: new CountedNames(day.levels, day.other_levels, max.levels),
  }
}
