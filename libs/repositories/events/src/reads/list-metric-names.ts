import { sql } from 'kysely'
import {
  type Database,
  ms,
  type PageLimits,
  readSizedPage,
  type SizedPage,
} from '@runnel/repositories-database'
import { walkMetricNames } from './walk-metric-names.ts'

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
 * Names in their order, each with its newest value.
 *
 * @param after names behind this one
 */
export async function listMetricNames(
  database: Database,
  limits: PageLimits,
  after?: string,
): Promise<SizedPage<MetricName>> {
  const rows = sql`(
    select names.name, newest.* from (${walkMetricNames(limits.items, after)}) names, lateral (
      select value, unit, ${ms('occurred_at')} as occurred_at_ms from metric m
      where m.name = names.name order by m.occurred_at desc limit 1
    ) newest
    order by place)`
  const page = await readSizedPage<NameRow>(database, { rows, order: sql`name` }, limits)
  const items = page.items.map(({ occurred_at_ms, ...row }) => ({ ...row, occurredAtMs: occurred_at_ms }))
  return { ...page, items }
}
