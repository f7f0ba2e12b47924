import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import type { ChunkLease } from './renew-leases.ts'

export interface ChunkRelease extends ChunkLease {
  /** The last message that may have been sent, under this lease or an earlier one. */
  readonly startedThrough: number
}

/**
 * Gives chunks back whose results are all recorded. One without a pending message is closed for good; of another,
 * `started_through` goes back to what was really started, so that the rest is certain. Chunks that another replica has
 * leased meanwhile are not changed. Safe to repeat.
 *
 * @returns how many were closed
 */
export async function releaseChunks(
  { kysely }: Database,
  releases: readonly ChunkRelease[],
): Promise<number> {
  if (releases.length === 0) return 0
  const { rows } = await sql<{ closed: boolean }>`
    with leased as materialized (
      select c.id, i."startedThrough" as started_through from send_chunk c
      join json_to_recordset(${JSON.stringify(releases)}::json)
        as i("chunkId" bigint, token uuid, "startedThrough" bigint)
        on i."chunkId" = c.id and i.token = c.lease_token
      where c.closed_at is null order by c.id for update of c
    )
    update send_chunk c set lease_token = null, lease_owner = null, leased_until = null,
      started_through = least(c.started_through, leased.started_through),
      closed_at = case when not exists (
        select from message m
        where m.id between c.first_message_id and c.last_message_id and m.status = 'pending'
      ) then clock_timestamp() end
    from leased where c.id = leased.id returning c.closed_at is not null as closed`.execute(kysely)
  return rows.filter(({ closed }) => closed).length
}
