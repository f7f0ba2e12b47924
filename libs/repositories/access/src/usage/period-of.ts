import { sql, type RawBuilder } from 'kysely'

/** Minutes of a row of `api_key_usage`. */
const PERIOD_MINUTES = 5

/** @returns the start of the period in which a time lies */
export function periodOf(at: RawBuilder<Date>): RawBuilder<Date> {
  return sql<Date>`date_bin(make_interval(mins => ${PERIOD_MINUTES}::int), ${at}, 'epoch'::timestamptz)`
}
