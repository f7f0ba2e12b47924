import { sql, type RawBuilder } from 'kysely'
import { all, type Database, requireScannable } from '@runnel/repositories-database'
import { inRange, memberEquals, type TimeRange } from './event-filter.ts'
import { walkMetricNames } from './walk-metric-names.ts'

/** Everything that is given has to match. */
export interface SeriesFilter extends TimeRange {
  /** One of these; every name without it. */
  readonly names?: readonly string[] | undefined
  readonly tags: readonly (readonly [name: string, value: string])[]
}

export interface MetricSeriesLimits {
  /** Rows of those names in the range that may be looked at. */
  readonly maxRows: number
  readonly maxSeries: number
  /** Of the hashes: another one where two series have the same. */
  readonly seed: number
}

/** A name with its tags. */
export interface StoredSeries {
  readonly name: string
  /** JSON: an object of texts, without tags that are null. */
  readonly labelsText: string
  /** By which `readSeriesSamples` names it. */
  readonly hash: string
}

export interface StoredSeriesList {
  readonly series: readonly StoredSeries[]
  /** How many rows were looked at. */
  readonly rows: number
  /** There are more rows or series than may be looked at: what is there is not all. */
  readonly beyond: 'rows' | 'series' | undefined
}

/** Where no series matches, there is one row, which has nothing but the count. */
interface SeriesRow {
  readonly name: string | null
  readonly labels: string
  readonly hash: string
  readonly rows: number
}

/** Hashes tell series apart at a tenth of what their text costs; the caller checks that none is there twice. */
export const hashOf = (seed: number) =>
  sql`jsonb_hash_extended(coalesce(tags, '{}'::jsonb), ${seed}::int8)::text`

/**
 * The series that have rows in a range. Rows are counted by name and time alone, which indexes serve, and no further than the
 * limit: tags have no index.
 */
export async function listMetricSeries(
  database: Database,
  filter: SeriesFilter,
  { maxRows, maxSeries, seed }: MetricSeriesLimits,
): Promise<StoredSeriesList> {
  const range = ofNames(filter)
  await requireScannable(database, 'metric', range)
  const matches = all([
    sql`true`,
    ...filter.tags.map(([name, value]) => memberEquals(sql`tags`, name, value)),
  ])
  const { rows } = await sql<SeriesRow>`
    with series as materialized (
      select name, tags, count(*) as rows
      from (select name, tags from metric where ${range} limit ${maxRows + 1}) looked_at
      group by name, tags
    ), counted as (
      select coalesce(sum(rows), 0)::float8 as rows from series
    )
    select counted.rows, name, ${hashOf(seed)} as hash, coalesce(
      (select jsonb_object_agg(key, value) from jsonb_each_text(tags) where value is not null), '{}'::jsonb
    )::text as labels
    from counted left join series on counted.rows <= ${maxRows} and (${matches})
    limit ${maxSeries + 1}`.execute(database.kysely)
  const lookedAt = rows[0]!.rows
  if (lookedAt > maxRows) return { series: [], rows: lookedAt, beyond: 'rows' }
  return {
    series: rows.flatMap(({ name, labels, hash }) =>
      name === null ? [] : { name, hash, labelsText: labels },
    ),
    rows: lookedAt,
    beyond: rows.length > maxSeries ? 'series' : undefined,
  }
}

/** Every name in its order; one more than `maxNames` where there are more. */
export async function findMetricNames(database: Database, maxNames: number): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`${walkMetricNames(maxNames)}`.execute(database.kysely)
  return rows.map(({ name }) => name)
}

function ofNames({ names, fromMs, toMs }: SeriesFilter): RawBuilder<boolean> {
  const range = inRange({ fromMs, toMs })
  if (names === undefined) return range
  if (names.length === 1) return sql`name = ${names[0]} and ${range}`
  return sql`name = any(${names}::text[]) and ${range}`
}
