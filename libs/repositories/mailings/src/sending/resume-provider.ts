import type { ChannelName } from '@runnel/contracts'
import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { writeAudit } from '../write-audit.ts'

/**
 * A person ends a pause that the gateway asked for, and the wait for the next probe: a breaker that is open ramps up. If the
 * gateway still fails, it opens again. Replicas learn of it by the version.
 *
 * @returns whether anything was stopped
 */
export function resumeProvider(
  { kysely }: Database,
  actor: string,
  channel: ChannelName = 'gateway',
): Promise<boolean> {
  return kysely.transaction().execute(async (trx) => {
    const { rows } = await sql<{ state: string; reason: string | null; pausedMs: number }>`
      select state, reason, (extract(epoch from paused_until - clock_timestamp()) * 1000)::float8 as "pausedMs"
      from provider_state where name = ${channel} for update`.execute(trx)
    const before = rows[0]
    if (!before || (before.state !== 'open' && before.pausedMs <= 0)) return false
    await sql`
      update provider_state set version = version + 1, paused_until = clock_timestamp(),
        state = case state when 'open' then 'ramping' else state end,
        reason = null,
        step = case state when 'open' then 0 else step end,
        changed_at = case state when 'open' then clock_timestamp() else changed_at end,
        probe_at = clock_timestamp(), probe_until = clock_timestamp()
      where name = ${channel}`.execute(trx)
    const { state, reason } = before
    const pausedMs = Math.max(0, Math.round(before.pausedMs))
    const detail = { state, reason, pausedMs, ...(channel !== 'gateway' && { channel }) }
    await writeAudit(trx, { actor, action: 'resume', subject: 'gateway', subjectId: null, detail })
    return true
  })
}
