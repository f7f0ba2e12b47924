import { sql } from 'kysely'

/** A span of time for SQL. */
export const milliseconds = (ms: number) => sql`make_interval(secs => ${ms / 1000}::float8)`

/**
 * Of a mailing `g`: messages may be sent now.
 *
 * @param sendTimeoutMs the longest that an attempt takes; it has to be over before the end
 */
export function isLive(nowMs: number, sendTimeoutMs: number) {
  return sql`(g.settled_at is null and g.status = 'running' and g.deleted_at is null
    and g.starts_at <= ${new Date(nowMs)} and g.ends_at > ${new Date(nowMs + sendTimeoutMs)})`
}

/**
 * The row has no valid lease, by the database's clock.
 *
 * @param alias of a table with leases
 * @param lostTokens of claims whose answer never came
 */
export function isFree(alias: 'c' | 'r', lostTokens: readonly string[]) {
  const column = (name: string) => sql.ref(`${alias}.${name}`)
  return sql`(${column('leased_until')} is null or ${column('leased_until')} <= clock_timestamp()
    or ${column('lease_token')} = any(${sql.val(lostTokens)}::uuid[]))`
}
