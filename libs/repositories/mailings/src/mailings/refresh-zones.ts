import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import type { ComputeZone } from './edit-mailing.ts'

/** Time zones of a mailing that one transaction refreshes; there are some 600 in the world. */
const MAX_ZONES = 1000

interface DueRow {
  time_zone: string
  window_from: number | null
  window_to: number | null
}

export interface RefreshOptions {
  /** Milliseconds since 1970. */
  readonly nowMs: number
  /** The engine that knows time zones. */
  readonly computeZone: ComputeZone
  /** Called with a zone that the engine does not know: its messages wait for the end of the mailing. */
  readonly onUnknownZone: (timeZone: string, error: unknown) => void
}

/**
 * Gives zones of a mailing whose window is over, or was never computed, their present or next one. The mailing's row is
 * share-locked, so that an edit of its window either is seen here, or comes later and computes everything anew.
 *
 * @returns how many were refreshed
 */
export async function refreshZones(
  { kysely }: Database,
  mailingId: number,
  { nowMs, computeZone, onUnknownZone }: RefreshOptions,
): Promise<number> {
  return kysely.transaction().execute(async (trx) => {
    const { rows: mailings } = await sql<Omit<DueRow, 'time_zone'>>`
      select window_from, window_to from mailing where id = ${mailingId} and status = 'running' for share`.execute(
      trx,
    )
    const mailing = mailings[0]
    if (!mailing) return 0
    const { window_from: from, window_to: to } = mailing
    const window = from === null || to === null ? null : { from, to }
    const { rows: due } = await sql<{ time_zone: string }>`
      select time_zone from mailing_zone where mailing_id = ${mailingId} and open_until <= ${new Date(nowMs)}
      order by time_zone limit ${MAX_ZONES} for update skip locked`.execute(trx)
    const computed = due.flatMap(({ time_zone }) => {
      try {
        const { openFromMs, openUntilMs } = computeZone(nowMs, time_zone, window)
        return [{ time_zone, open_from: new Date(openFromMs), open_until: new Date(openUntilMs) }]
      } catch (error) {
        onUnknownZone(time_zone, error)
        return [{ time_zone, open_from: NEVER, open_until: NEVER }]
      }
    })
    if (computed.length === 0) return 0
    await sql`
      update mailing_zone z set open_from = w.open_from, open_until = w.open_until
      from json_to_recordset(${JSON.stringify(computed)}::json)
        as w(time_zone text, open_from timestamptz, open_until timestamptz)
      where z.mailing_id = ${mailingId} and z.time_zone = w.time_zone`.execute(trx)
    return computed.length
  })
}

/** A window that opens and closes then is never open, and never due. */
const NEVER = new Date(Date.UTC(9999, 11, 31))
