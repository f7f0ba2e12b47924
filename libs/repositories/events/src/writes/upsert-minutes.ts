import { sql, type RawBuilder, type Transaction } from 'kysely'
import type { Schema } from '@runnel/repositories-database'
import type { MinuteCounts } from './count-minutes.ts'

/** A table of counts by minute, and its columns beside those that all of them have. */
export interface MinuteTable {
  readonly table: 'operation_minute' | 'edge_minute'
  /** What is counted apart: columns of text. */
  readonly names: readonly string[]
  /** The column of the counts. */
  readonly counted: 'spans' | 'calls'
  /** Where rows of the same name are several, which of them it is. */
  readonly slot?: RawBuilder<number>
}

/** Adds counts to those that are there. Rows are taken in order: two batches with the same ones would deadlock otherwise. */
export async function upsertMinutes(
  trx: Transaction<Schema>,
  { table, names, counted, slot }: MinuteTable,
  counts: readonly MinuteCounts[],
): Promise<void> {
  if (counts.length === 0) return
  const named = sql.join(names.map((name) => sql.id(name)))
  const texts = sql.join(names.map((name) => sql`${sql.id(name)} text`))
  const count = sql.id(counted)
  await sql`
    insert into ${sql.id(table)} as m
      (received_at, minute, ${named}, ${slot ? sql`slot, ` : sql``}${count}, errors, duration_ns, durations)
    select received_at, minute, ${named}, ${slot ? sql`${slot}, ` : sql``}count, errors, duration_ns, durations
    from json_to_recordset(${JSON.stringify(counts)}::json) as r(received_at timestamptz, minute timestamptz,
      ${texts}, count bigint, errors bigint, duration_ns double precision, durations bigint[])
    order by minute, ${named}, received_at
    on conflict (minute, ${named}, ${slot ? sql`slot, ` : sql``}received_at) do update set
      ${count} = m.${count} + excluded.${count}, errors = m.errors + excluded.errors,
      duration_ns = m.duration_ns + excluded.duration_ns,
      durations = array(select a + b from unnest(m.durations, excluded.durations) with ordinality as u(a, b, i) order by i)`.execute(
    trx,
  )
}
