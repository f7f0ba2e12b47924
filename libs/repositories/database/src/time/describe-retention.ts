import { DAY_MS, type TimeShift, type TimeState } from './time-state.ts'
import { BEHIND_MS } from './judge-time.ts'

const HOUR_MS = 3_600_000

/** What a person should know about the removal of old events, in sentences; none where all is as usual. */
export function describeRetention(state: TimeState): string[] {
  const { suspension, shifts, dueDays, markMs, knownMs } = state
  const kept =
    dueDays > 0
      ? [
          `${dueDays} ${dueDays === 1 ? 'day' : 'days'} of events older than RETENTION_DAYS ${dueDays === 1 ? 'is' : 'are'} kept.`,
        ]
      : []
  const ahead =
    markMs > knownMs + BEHIND_MS
      ? [
          `New events go on from ${toText(markMs)}, the highest time that was given to one, until the clock has caught up.`,
        ]
      : []
  return [
    ...shifts.map(describeShift),
    ...(suspension ? [describeSuspension(suspension)] : []),
    ...kept,
    ...ahead,
  ]
}

function describeShift({ kind, fromMs, toMs }: TimeShift): string {
  const span = `from ${toText(fromMs)} to ${toText(toMs)} (${Math.round((toMs - fromMs) / DAY_MS)} days)`
  return kind === 'jump'
    ? `The database's clock jumped ${span}, more than the time that passed: what was stored before is removed only once a person confirms that the clock is right.`
    : `Runnel was not running ${span}, or the clock was wrong: what was stored before is kept for that much longer.`
}

function describeSuspension({ reason, ranMs }: NonNullable<TimeState['suspension']>): string {
  const why = {
    jump: 'the clock jumped',
    gap: 'it has just begun again after a long pause',
    removal: 'more than two days would have been removed at once',
  }[reason]
  const leftHours = Math.max(1, Math.ceil((DAY_MS - ranMs) / HOUR_MS))
  return `The removal of old events is suspended, because ${why}: until a person confirms it, or for ${leftHours} more hours of running.`
}

/** A time for people, in UTC. */
function toText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
