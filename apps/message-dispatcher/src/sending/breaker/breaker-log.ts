import type { Logger } from '@runnel/observability'
import type { Clock } from '../../clock.ts'
import { PAUSE_REASON } from './breaker-rules.ts'
import type { BreakerView } from './breaker-view.ts'

/** Says what happens to a breaker, once each. */
export interface BreakerLog {
  /** The state has changed. */
  noteState(view: Pick<BreakerView, 'state' | 'reason'>): void
  /** @param leftMs of the pause that the channel asked for; undefined: there is none */
  notePause(leftMs: number | undefined): void
  /** @param error why the shared state cannot be read; undefined: it can */
  noteReachable(isReachable: boolean, error?: unknown): void
}

/** @param what words for the channel, such as `the gateway` */
export function createBreakerLog(log: Logger, clock: Clock, what: string): BreakerLog {
  let isPaused = false
  let isUnreachable = false
  return {
    noteState({ state, reason }) {
      const fields = { state, ...(reason !== null && { reason }) }
      if (state === 'open') log.warn(fields, describeOpening(what, reason))
      else log.info(fields, `the state of ${what} has changed`)
    },
    notePause(leftMs) {
      if ((leftMs !== undefined) === isPaused) return
      isPaused = leftMs !== undefined
      if (leftMs === undefined) return log.info({}, `the pause that ${what} asked for is over`)
      const until = new Date(clock.nowMs() + leftMs).toISOString()
      log.warn({ reason: PAUSE_REASON, until }, `${what} asked for a pause; nothing is sent until it ends`)
    },
    noteReachable(isReachable, error) {
      if (isReachable !== isUnreachable) return
      isUnreachable = !isReachable
      if (isUnreachable)
        log.warn({ err: error }, `the shared state of ${what} cannot be read; the last known state holds`)
      else log.info({}, `the shared state of ${what} is read again`)
    },
  }
}

function describeOpening(what: string, reason: string | null): string {
  if (reason === 'failing' || reason === 'unreachable')
    return `${what} fails; sending stops until a probe succeeds`
  return `${what} refuses the account, the token or the address; sending stops until a probe succeeds`
}
