import { formatTimeOfDay, type LocalWindow } from '@runnel/contracts'
import type { MailingWarning } from '@runnel/contracts/api/mailing-warning'
import { windowToBegin } from '../../windows/window-of.ts'

/** When a mailing may be sent. Times are milliseconds since 1970. */
export interface Timetable {
  /** Its start, or now where that has passed. */
  readonly fromMs: number
  readonly endMs: number
  readonly window: LocalWindow | null
  /** The longest that an attempt takes: it has to be over before the end. */
  readonly sendTimeoutMs: number
}

/** Zones that a sentence names. */
const MAX_NAMED = 5

/** @param timeZones of clients, without repeats */
export function findTimeWarnings(timetable: Timetable, timeZones: readonly string[]): MailingWarning[] {
  const { fromMs, endMs, window, sendTimeoutMs } = timetable
  if (endMs - fromMs <= sendTimeoutMs) return [tooShort(timetable)]
  if (window === null) return []
  const missed = timeZones.filter((zone) => !opensInTime(timetable, zone))
  if (missed.length === 0) return []
  const hours = `${formatTimeOfDay(window.from)} to ${formatTimeOfDay(window.to)}`
  const all = missed.length === timeZones.length
  const named = missed.slice(0, MAX_NAMED).join(', ')
  const more = missed.length > MAX_NAMED ? ` and ${missed.length - MAX_NAMED} more` : ''
  const where = all ? 'in no time zone of its clients' : `not in ${named}${more}`
  return [
    {
      code: all ? 'window_never_opens' : 'window_misses_zones',
      field: '/window',
      message:
        `Before the end of the mailing, the window from ${hours} opens ${where}: ` +
        'clients there get nothing. Move the end or the window',
    },
  ]
}

function tooShort({ fromMs, endMs, sendTimeoutMs }: Timetable): MailingWarning {
  const seconds = Math.max(0, Math.round((endMs - fromMs) / 1000))
  return {
    code: 'too_short_to_send',
    field: '/end',
    message:
      `Nothing will be sent: the mailing may be sent for ${seconds} s, and an attempt may take ` +
      `${Math.ceil(sendTimeoutMs / 1000)} s, which have to be over before its end. Move the end`,
  }
}

/** A zone that the engine does not know is another matter. */
function opensInTime({ fromMs, endMs, window, sendTimeoutMs }: Timetable, timeZone: string): boolean {
  try {
    const { openFromMs } = windowToBegin(fromMs, timeZone, window, sendTimeoutMs)
    return Math.max(openFromMs, fromMs) + sendTimeoutMs < endMs
  } catch {
    return true
  }
}
