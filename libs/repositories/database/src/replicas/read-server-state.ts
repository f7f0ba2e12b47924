import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { parseWalPosition } from './wal-position.ts'

/** Where a server is in the log of which database. */
export interface ServerState {
  readonly position: bigint
  /** Of the database and of the history that the position belongs to. Positions of different ones are not to be compared. */
  readonly history: string
}

interface Row {
  readonly position: string | null
  readonly timeline: number | null
  readonly system: string
  readonly name: string
}

const IDENTITY = sql`(select system_identifier::text from pg_control_system()) as system, current_database() as name`

/** The last flushed position: whatever was acknowledged as committed is before it. @throws what the driver throws; a standby refuses */
export async function readPrimaryState({ kysely }: Database): Promise<ServerState> {
  const { rows } = await sql<Row>`
    select pg_current_wal_flush_lsn()::text as position,
      ('x' || substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8))::bit(32)::int as timeline, ${IDENTITY}
  `.execute(kysely)
  return toState(rows[0]!)
}

/**
 * The last replayed position. The timeline is that of the connection to the primary, which roles without `pg_read_all_stats` do not see; else
 * that of the last restart point, which follows a failover some minutes later.
 *
 * @throws what the driver throws, and Error where the server is no standby
 */
export async function readReplicaState({ kysely }: Database): Promise<ServerState> {
  const { rows } = await sql<Row>`
    select case when pg_is_in_recovery() then pg_last_wal_replay_lsn()::text end as position,
      coalesce((select received_tli from pg_stat_wal_receiver), (select timeline_id from pg_control_checkpoint())) as timeline,
      ${IDENTITY}
  `.execute(kysely)
  return toState(rows[0]!)
}

function toState({ position, timeline, system, name }: Row): ServerState {
  const parsed = position === null ? undefined : parseWalPosition(position)
  if (parsed === undefined) throw new Error('The server is no standby: DATABASE_READ_URL names standbys')
  return { position: parsed, history: `${system}/${timeline}/${name}` }
}
