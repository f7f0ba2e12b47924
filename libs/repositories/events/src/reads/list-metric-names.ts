import { sql } from 'kysely'
import {
  type Database,
  ms,
  type PageLimits,
  readSizedPage,
  type SizedPage,
} from '@runnel/repositories-database'

export interface MetricName {
  readonly name: string
  /** Its newest value. */
  readonly value: number | null
  readonly unit: string | null
  readonly occurredAtMs: number
}

interface NameRow extends Omit<MetricName, 'occurredAtMs'> {
  readonly occurred_at_ms: number
}

/**
 * Names in their order, each with its newest value. Jumps from name to name in the index (metric_name_occurred): SELECT
 * DISTINCT would read every row.
 *
 * @param after names behind this one
 */
export async function listMetricNames(
  database: Database,
  limits: PageLimits,
  after?: string,
): Promise<SizedPage<MetricName>> {
  const first = after === undefined ? sql`true` : sql`name > ${after}`
  const rows = sql`(
    with recursive names as (
      (select name, 1 as place from metric where ${first} order by name limit 1)
      union all
      select (select m.name from metric m where m.name > n.name order by m.name limit 1), place + 1
      from names n where n.name is not null and place <= ${limits.items}
    )
    select names.name, newest.* from names, lateral (
      select value, unit, ${ms('occurred_at')} as occurred_at_ms from metric m
      where m.name = names.name order by m.occurred_at desc limit 1
    ) newest
    order by place)`
  const page = await readSizedPage<NameRow>(database, { rows, order: sql`name` }, limits)
  const items = page.items.map(({ occurred_at_ms, ...row }) => ({ ...row, occurredAtMs: occurred_at_ms }))
  return { ...page, items }
}
