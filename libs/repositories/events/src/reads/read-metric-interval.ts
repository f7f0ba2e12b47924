import { requireScannable, type Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { inRange } from './event-filter.ts'
import { matchesMetric, type MetricFilter } from './metric-reads.ts'

/** Values that are looked at: the newest ones. */
const SAMPLE = 1000

/**
 * What usually lies between two values of a metric with the same tags, in whole milliseconds: the median, so that neither a pause nor two
 * at once count.
 *
 * @returns undefined where no two of the newest values have the same tags
 */
export async function readMetricInterval(
  database: Database,
  filter: MetricFilter & { readonly name: string },
): Promise<number | undefined> {
  // Without tags the newest values are found in the index.
  if (filter.tags?.length)
    await requireScannable(database, 'metric', sql`name = ${filter.name} and ${inRange(filter)}`)
  const { rows } = await sql<{ ms: number | null }>`
    select (percentile_disc(0.5) within group (order by seconds) * 1000)::float8 as ms from (
      select extract(epoch from occurred_at - lag(occurred_at) over (partition by tags order by occurred_at)) as seconds
      from (
        select tags, occurred_at from metric where ${matchesMetric(filter)} and value is not null
        order by occurred_at desc limit ${SAMPLE}
      ) newest
    ) gaps where seconds > 0`.execute(database.kysely)
  const ms = rows[0]?.ms ?? undefined
  return ms === undefined ? undefined : Math.max(1, Math.round(ms))
}
