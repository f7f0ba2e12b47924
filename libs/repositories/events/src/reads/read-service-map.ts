import { sql, type RawBuilder } from 'kysely'
import { requireScannable, type Database } from '@runnel/repositories-database'
import { durationQuantile, emptyDurations } from '../duration-buckets.ts'
import { timestamp } from '../writes/store-events.ts'

/** How often something was done, and how long it took, in nanoseconds. */
export interface Latency {
  readonly count: number
  readonly errors: number
  readonly meanNs: number
  readonly p50Ns: number
  readonly p95Ns: number
  readonly p99Ns: number
}

export interface OperationLatency extends Latency {
  readonly service: string
  readonly operation: string
  readonly kind: string
}

interface ServiceLatency extends Latency {
  readonly service: string
}

interface EdgeLatency extends Latency {
  readonly caller: string
  readonly callee: string
}

export interface ServiceMap {
  readonly services: ServiceLatency[]
  readonly edges: EdgeLatency[]
  /** There are more services or edges than were given: the busiest are. */
  readonly truncated: boolean
}

/** Whole minutes, by when spans began; both in milliseconds since 1970, the end exclusive. */
export interface MinuteRange {
  readonly fromMs: number
  readonly toMs: number
}

/** What is counted in minutes. */
const COUNTS = { operation_minute: 'spans', edge_minute: 'calls' } as const

type CountedTable = keyof typeof COUNTS

interface Counted {
  readonly count: number
  readonly errors: number
  readonly duration_ns: number
  readonly durations: number[]
}

/**
 * Latency by operation, the busiest first, from what was counted as spans came.
 *
 * @returns no more than `limit`, and whether there are more
 */
export async function readOperations(
  database: Database,
  { service, ...range }: MinuteRange & { readonly service?: string | undefined },
  limit: number,
): Promise<{ readonly items: OperationLatency[]; readonly truncated: boolean }> {
  const where =
    service === undefined ? inMinutes(range) : sql<boolean>`${inMinutes(range)} and service = ${service}`
  await requireScannable(database, 'operation_minute', where)
  const { rows } = await sql<Counted & { service: string; operation: string; kind: string }>`
    ${summed('operation_minute', ['service', 'operation', 'kind'], where)}
    order by count desc, service, operation, kind limit ${limit + 1}`.execute(database.kysely)
  const items = rows.slice(0, limit).map(({ service: of, operation, kind, ...counted }) => ({
    ...{ service: of, operation, kind },
    ...toLatency(counted),
  }))
  return { items, truncated: rows.length > limit }
}

/**
 * The services and who calls whom, the busiest first. A service counts by what it was asked for, which are spans of servers and consumers;
 * by all of its spans where it has none of those.
 */
export async function readServiceMap(
  database: Database,
  range: MinuteRange,
  limit: number,
): Promise<ServiceMap> {
  const { kysely } = database
  await requireScannable(database, 'operation_minute', inMinutes(range))
  await requireScannable(database, 'edge_minute', inMinutes(range))
  const asked = sql<boolean>`${inMinutes(range)} and kind in ('server', 'consumer')`
  const others = sql<boolean>`${inMinutes(range)} and kind not in ('server', 'consumer')`
  const services = await sql<Counted & { service: string }>`
    with asked as (${summed('operation_minute', ['service'], asked)}),
      others as (${summed('operation_minute', ['service'], others)})
    select * from asked
    union all select * from others where service not in (select service from asked)
    order by count desc, service limit ${limit + 1}`.execute(kysely)
  const edges = await sql<Counted & { caller: string; callee: string }>`
    ${summed('edge_minute', ['caller', 'callee'], inMinutes(range))}
    order by count desc, caller, callee limit ${limit + 1}`.execute(kysely)
  return {
    services: services.rows
      .slice(0, limit)
      .map(({ service, ...counted }) => ({ service, ...toLatency(counted) })),
    edges: edges.rows
      .slice(0, limit)
      .map(({ caller, callee, ...counted }) => ({ caller, callee, ...toLatency(counted) })),
    truncated: services.rows.length > limit || edges.rows.length > limit,
  }
}

function inMinutes({ fromMs, toMs }: MinuteRange): RawBuilder<boolean> {
  return sql`minute >= ${timestamp(fromMs)}::timestamptz and minute < ${timestamp(toMs)}::timestamptz`
}

/** Each bucket of histograms by itself: to take them apart into rows and group those takes ten times as long. */
const SUMMED_DURATIONS = sql.join(
  emptyDurations().map((_, i) => sql`sum(durations[${sql.lit(i + 1)}])::bigint`),
)

/** Minutes added up by names. */
function summed(
  table: CountedTable,
  names: readonly string[],
  where: RawBuilder<boolean>,
): RawBuilder<Counted> {
  const by = sql.join(names.map((name) => sql.id(name)))
  return sql`
    select ${by}, sum(${sql.id(COUNTS[table])})::float8 as count, sum(errors)::float8 as errors,
      sum(duration_ns) as duration_ns, array[${SUMMED_DURATIONS}] as durations
    from ${sql.id(table)} where ${where} group by ${by}`
}

function toLatency({ count, errors, duration_ns, durations }: Counted): Latency {
  return {
    count,
    errors,
    meanNs: duration_ns / count,
    p50Ns: durationQuantile(durations, 0.5) ?? 0,
    p95Ns: durationQuantile(durations, 0.95) ?? 0,
    p99Ns: durationQuantile(durations, 0.99) ?? 0,
  }
}
