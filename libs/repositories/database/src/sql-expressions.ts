import { sql, type RawBuilder } from 'kysely'

/** @param conditions all of them have to hold */
export function all(conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean> {
  return conditions.length === 0 ? sql`true` : sql`${sql.join(conditions, sql` and `)}`
}

/** A column with a time as milliseconds since 1970. */
export function ms(column: string): RawBuilder<number> {
  return sql`round(extract(epoch from ${sql.ref(column)}) * 1000)::float8`
}
