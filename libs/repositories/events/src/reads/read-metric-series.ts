import { sql, type RawBuilder } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { inRange, stepOf } from './event-filter.ts'
import { ms } from '@runnel/repositories-database'
import { matchesMetric, type MetricFilter } from './metric-reads.ts'
import { requireScannable } from '@runnel/repositories-database'

const percentile = (fraction: number) =>
  sql`percentile_cont(${sql.lit(fraction)}) within group (order by value)`

const AGGREGATES = {
  avg: sql`avg(value)`,
  min: sql`min(value)`,
  max: sql`max(value)`,
  sum: sql`sum(value)`,
  count: sql`count(value)`,
  p50: percentile(0.5),
  p95: percentile(0.95),
  p99: percentile(0.99),
} satisfies Record<string, RawBuilder<unknown>>

/** What a counter grew by in a second. */
const RATE = 'rate'

type Aggregate = keyof typeof AGGREGATES | typeof RATE

/** Every aggregate that {@link readMetricSeries} takes. */
export const AGGREGATE_NAMES = [...(Object.keys(AGGREGATES) as (keyof typeof AGGREGATES)[]), RATE] as const

export interface SeriesOptions {
  readonly stepMs: number
  readonly aggregate: Aggregate
  /** One series for every value of this tag; without it one for all. */
  readonly by?: string | undefined
  /** Values of the tag that get a series: those with the most points. */
  readonly maxSeries: number
}

export interface SeriesPoint {
  /** Value of the tag as text; null where the metric lacks it, or without `by`. */
  readonly tag: string | null
  readonly atMs: number
  readonly value: number
}

/**
 * Aggregates of the values in each step, steps without values left out, by series.
 *
 * @returns the points, and whether series were left out
 */
export async function readMetricSeries(
  database: Database,
  filter: MetricFilter & { readonly name: string },
  { stepMs, aggregate, by, maxSeries }: SeriesOptions,
): Promise<{ points: SeriesPoint[]; truncated: boolean }> {
  await requireScannable(database, 'metric', sql`name = ${filter.name} and ${inRange(filter)}`)
  const tag = by === undefined ? sql`null::text` : sql`tags->>${by}::text`
  const measured = sql`from metric where ${matchesMetric(filter)} and value is not null`
  const points =
    aggregate === RATE
      ? ratesOf(measured, stepMs, tag)
      : sql`select ${stepOf(stepMs)} as at, ${tag} as tag, ${AGGREGATES[aggregate]}::float8 as value, count(*) as size
          ${measured} group by 1, 2`
  const { rows } = await sql<{ tag: string | null; at_ms: number; value: number; place: number }>`
    with points as materialized (${points}), ranked as (
      select tag, row_number() over (order by sum(size) desc, tag)::float8 as place from points group by tag
    )
    select points.tag, ${ms('at')} as at_ms, value, place
    from points join ranked on ranked.tag is not distinct from points.tag
    where place <= ${maxSeries + 1} order by place, at_ms`.execute(database.kysely)
  return {
    points: rows
      .filter(({ place }) => place <= maxSeries)
      .map(({ tag, at_ms, value }) => ({ tag, value, atMs: at_ms })),
    truncated: rows.some(({ place }) => place > maxSeries),
  }
}

/**
 * Per second, of each counter between its own values, and summed over the counters of a series: so a step that has only begun is no
 * dip. A value below the one before is a counter that began again.
 */
function ratesOf(measured: RawBuilder<unknown>, stepMs: number, tag: RawBuilder<unknown>) {
  return sql`select at, tag, sum(rate)::float8 as value, sum(size) as size from (
      select ${stepOf(stepMs)} as at, tag, sum(increase) / sum(seconds) as rate, count(*) as size from (
        select occurred_at, tags, ${tag} as tag,
          case when value < lag(value) over counter then value else value - lag(value) over counter end as increase,
          extract(epoch from occurred_at - lag(occurred_at) over counter) as seconds
        ${measured} window counter as (partition by tags order by occurred_at, id)
      ) increases where seconds > 0 group by 1, tags, tag
    ) rates group by at, tag`
}
