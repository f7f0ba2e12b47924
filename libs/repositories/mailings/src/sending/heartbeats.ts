import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { milliseconds } from './send-conditions.ts'

/** Rows that are older than this are removed with the next heartbeat of any replica. */
const FORGOTTEN_AFTER_MS = 600_000

/**
 * Says that this replica lives, and counts those that do. The count is a statement of its own, after the commit: of two
 * replicas that begin at once, one at least sees both.
 *
 * @param replicaId UUID
 * @param withinMs a replica that was silent for longer is not counted
 * @returns how many there are, this one included
 */
export async function beat({ kysely }: Database, replicaId: string, withinMs: number): Promise<number> {
  const ago = (ms: number) => sql`clock_timestamp() - ${milliseconds(ms)}`
  await sql`
    with forgotten as (
      delete from dispatcher_heartbeat where seen_at < ${ago(FORGOTTEN_AFTER_MS)} and replica_id <> ${replicaId}::uuid
    )
    insert into dispatcher_heartbeat (replica_id, seen_at) values (${replicaId}::uuid, clock_timestamp())
    on conflict (replica_id) do update set seen_at = excluded.seen_at`.execute(kysely)
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from dispatcher_heartbeat where seen_at > ${ago(withinMs)}`.execute(kysely)
  return rows[0]!.count
}

/** The replica goes: it counts no more. */
export async function stopBeating({ kysely }: Database, replicaId: string): Promise<void> {
  await kysely.deleteFrom('dispatcher_heartbeat').where('replica_id', '=', replicaId).execute()
}
