import type { SendingStop } from '@runnel/contracts/api/sending'
import type { ProviderState } from '@runnel/repositories-mailings'
import { PAUSE_REASON } from '../breaker/breaker-rules.ts'

/**
 * What all replicas share, for people. While the breaker is open, a pause only delays its probe.
 *
 * @param nowMs milliseconds since 1970
 */
export function presentStop(row: ProviderState | undefined, nowMs: number): SendingStop {
  const at = (ms: number) => new Date(nowMs + Math.max(0, ms)).toISOString()
  if (!row) return { state: 'closed', reason: null, resumesAt: null }
  const { state, reason, probeInMs, probeHeldMs, pausedMs } = row
  if (state === 'open')
    return {
      state: probeHeldMs > 0 ? 'probing' : 'open',
      reason,
      resumesAt: at(Math.max(probeInMs, probeHeldMs, pausedMs)),
    }
  if (pausedMs > 0) return { state: 'paused', reason: PAUSE_REASON, resumesAt: at(pausedMs) }
  return { state, reason: null, resumesAt: null }
}
