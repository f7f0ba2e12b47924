import type { Mailing } from '../../api/mailings.ts'
import { formatCount } from '../../format/number.ts'

/** In which hours a mailing is sent. */
export function hoursText(window: Mailing['window']): string {
  return window ? `${window.from} – ${window.to}, in each client's local time` : 'All day'
}

/** How fast a mailing may be sent. */
export function rateText(perSecond: number | null): string {
  return perSecond === null ? 'No limit' : `At most ${formatCount(perSecond)} a second`
}
