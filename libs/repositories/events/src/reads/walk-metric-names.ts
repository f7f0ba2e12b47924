import { sql, type RawBuilder } from 'kysely'

/**
 * The names of metrics in their order, as a query of `name` and `place` (from 1 on). Jumps from name to name in the index
 * (metric_name_occurred): SELECT DISTINCT would read every row.
 *
 * @param maxNames one more is given where there are more
 * @param after names behind this one
 */
export function walkMetricNames(maxNames: number, after?: string): RawBuilder<unknown> {
  const first = after === undefined ? sql`true` : sql`name > ${after}`
  return sql`
    with recursive names as (
      (select name, 1 as place from metric where ${first} order by name limit 1)
      union all
      select (select m.name from metric m where m.name > n.name order by m.name limit 1), place + 1
      from names n where n.name is not null and place <= ${maxNames}
    )
    select name, place from names where name is not null`
}
