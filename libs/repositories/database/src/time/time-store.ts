import { sql, type Kysely } from 'kysely'
import type { Database } from '../database.ts'
import type { Schema } from '../schema.ts'
import { ms } from '../sql-expressions.ts'
import type { TimeShift, TimeState } from './time-state.ts'

/** @returns undefined before the first consumer has run */
export async function readTimeState({ kysely }: Database): Promise<TimeState | undefined> {
  return selectState(kysely, sql``)
}

/**
 * Changes the row under its lock: replicas take turns.
 *
 * @param change pure; receives undefined where there is no row yet
 * @returns the new state
 */
export async function updateTimeState(
  { kysely }: Database,
  change: (state: TimeState | undefined) => TimeState,
): Promise<TimeState> {
  return kysely.transaction().execute(async (trx) => {
    const state = change(await selectState(trx, sql`for update`))
    const at = (timeMs: number) => sql`to_timestamp(${timeMs}::float8 / 1000)`
    const { suspension } = state
    // Two first consumers: the second one's row is the one that counts, and says the same.
    await sql`
      insert into time_mark (name, mark_at, known_at, boot_id, uptime_ms, suspended_by, suspended_at, suspended_ran_ms,
        lifted, shifts, due_days)
      values ('events', ${at(state.markMs)}, ${at(state.knownMs)}, ${state.bootId}, ${Math.round(state.uptimeMs)},
        ${suspension?.reason ?? null}, ${suspension && at(suspension.sinceMs)}, ${Math.round(suspension?.ranMs ?? 0)},
        ${state.lifted}, ${JSON.stringify(state.shifts)}::jsonb, ${state.dueDays})
      on conflict (name) do update set mark_at = greatest(time_mark.mark_at, excluded.mark_at),
        known_at = excluded.known_at, boot_id = excluded.boot_id, uptime_ms = excluded.uptime_ms,
        suspended_by = excluded.suspended_by, suspended_at = excluded.suspended_at,
        suspended_ran_ms = excluded.suspended_ran_ms, lifted = excluded.lifted, shifts = excluded.shifts,
        due_days = excluded.due_days`.execute(trx)
    return state
  })
}

interface Row {
  readonly mark_ms: number
  readonly known_ms: number
  readonly boot_id: string | null
  readonly uptime_ms: number
  readonly suspended_by: 'jump' | 'gap' | 'removal' | null
  readonly suspended_ms: number | null
  readonly ran_ms: number
  readonly lifted: boolean
  readonly shifts: readonly TimeShift[]
  readonly due_days: number
}

async function selectState(
  kysely: Kysely<Schema>,
  lock: ReturnType<typeof sql>,
): Promise<TimeState | undefined> {
  const { rows } = await sql<Row>`
    select ${ms('mark_at')} as mark_ms, ${ms('known_at')} as known_ms, boot_id, uptime_ms::float8 as uptime_ms,
      suspended_by, ${ms('suspended_at')} as suspended_ms, suspended_ran_ms::float8 as ran_ms, lifted, shifts, due_days
    from time_mark where name = 'events' ${lock}`.execute(kysely)
  const row = rows[0]
  if (!row) return undefined
  const { suspended_by: reason, suspended_ms: sinceMs, ran_ms: ranMs } = row
  return {
    ...{ markMs: row.mark_ms, knownMs: row.known_ms, bootId: row.boot_id, uptimeMs: row.uptime_ms },
    suspension: reason === null ? null : { reason, sinceMs: sinceMs ?? row.known_ms, ranMs },
    ...{ lifted: row.lifted, shifts: row.shifts, dueDays: row.due_days },
  }
}
