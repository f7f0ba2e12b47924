import type { Database } from '@runnel/repositories-database'
import { sql, type RawBuilder } from 'kysely'

/** How often a field has which values. */
export interface LogValueCounts {
  /** Entries that match. */
  readonly total: number
  /** Those of them without the field. */
  readonly without: number
  /** The most frequent first. */
  readonly values: readonly { readonly value: string; readonly count: number }[]
  /** What is not listed: rarer values, objects, long texts. */
  readonly others: number
  /** No value that is not listed occurs more often, apart from objects and long texts. */
  readonly mostOfOthers: number
}

/** Values that are given one by one. */
const MAX_VALUES = 1000
/** Longer texts are not told apart. */
const MAX_VALUE_CHARACTERS = 256

/**
 * The most frequent values of a field: texts, numbers and booleans, and such items of lists. Equal numbers are one value however they are
 * written, and so are a number and the text of it, as in queries.
 *
 * @param grouped rows with `value`, jsonb, and `count`; an object is a value that is not listed, null an entry without any
 */
export async function rankLogValues(
  kysely: Database['kysely'],
  grouped: RawBuilder<unknown>,
): Promise<LogValueCounts> {
  const isListed = sql`place <= ${MAX_VALUES}`
  const { rows } = await sql<ValueRow>`
    with grouped as materialized (${grouped}), item as materialized (
      select value, sum(count) as count from (
        select value #>> '{}' as value, count from grouped where jsonb_typeof(value) not in ('array', 'object')
        union all
        select one.value, count from grouped, lateral (
          select distinct item #>> '{}' as value from jsonb_array_elements(value) item
          where jsonb_typeof(item) in ('string', 'number', 'boolean')
        ) one where jsonb_typeof(grouped.value) = 'array'
      ) single group by value
    ), ranked as materialized (
      select value, count, row_number() over (order by count desc, value collate "C") as place
      from item where char_length(value) <= ${MAX_VALUE_CHARACTERS}
    ), totals as (
      select coalesce(sum(count), 0) as total,
        coalesce(sum(count) filter (where value is null), 0) as without,
        coalesce(sum(count) filter (where jsonb_typeof(value) = 'object'), 0) as objects
      from grouped
    ), rest as (
      select coalesce(sum(count) filter (where not ${isListed}), 0) as rare,
        coalesce(max(count) filter (where not ${isListed}), 0) as most
      from ranked
    ), long as (
      select coalesce(sum(count), 0) as long from item where char_length(value) > ${MAX_VALUE_CHARACTERS}
    )
    select value, count::float8 as count, total::float8 as total, without::float8 as without,
      (objects + rare + long)::float8 as others, most::float8 as most
    from totals, rest, long left join ranked on ${isListed} order by place`.execute(kysely)
  const [{ total, without, others, most }] = rows as [ValueRow]
  const values = rows.flatMap(({ value, count }) => (value === null ? [] : [{ value, count }]))
  return { total, without, values, others, mostOfOthers: most }
}

interface ValueRow {
  readonly value: string | null
  readonly count: number
  readonly total: number
  readonly without: number
  readonly others: number
  readonly most: number
}
