import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { milliseconds } from './send-conditions.ts'

/** A chunk, and the token by which it was leased. */
export interface ChunkLease {
  readonly chunkId: number
  readonly token: string
}

/**
 * Makes leases last from now on. One that has ended is not renewed, even where no other replica has taken the chunk yet.
 *
 * @returns ids of the chunks whose lease was renewed
 */
export async function renewLeases(
  { kysely }: Database,
  leases: readonly ChunkLease[],
  leaseMs: number,
): Promise<Set<number>> {
  if (leases.length === 0) return new Set()
  const { rows } = await sql<{ id: number }>`
    with leased as materialized (
      select c.id from send_chunk c
      join json_to_recordset(${JSON.stringify(leases)}::json) as i("chunkId" bigint, token uuid)
        on i."chunkId" = c.id and i.token = c.lease_token
      where c.closed_at is null and c.leased_until > clock_timestamp() order by c.id for update of c
    )
    update send_chunk c set leased_until = clock_timestamp() + ${milliseconds(leaseMs)}
    from leased where c.id = leased.id returning c.id`.execute(kysely)
  return new Set(rows.map(({ id }) => id))
}
