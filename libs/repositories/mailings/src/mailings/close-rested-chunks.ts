import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

/** Chunks that one call closes, at most. */
const MAX_CLOSED = 1000

/**
 * Closes chunks whose worker died after it had recorded the last result and before it could close them. The next
 * holder of a lease would do it too, but outside of their window there is none, and their mailing could not be completed.
 *
 * @returns how many were closed
 */
export async function closeRestedChunks({ kysely }: Database): Promise<number> {
  const { rows } = await sql`
    with rested as materialized (
      select c.id from mailing m join send_chunk c on c.mailing_id = m.id
      where m.settled_at is null and m.status in ('running', 'paused')
        and c.closed_at is null and c.leased_until <= clock_timestamp()
        and (select count(*) from message
          where id between c.first_message_id and c.last_message_id and status = 'pending') = 0
      order by c.id limit ${MAX_CLOSED} for update of c skip locked
    )
    update send_chunk c set closed_at = clock_timestamp(), lease_token = null, lease_owner = null, leased_until = null
    from rested where c.id = rested.id returning c.id`.execute(kysely)
  return rows.length
}
