import { MESSAGE_STATUSES, type MessageStatus } from '@runnel/contracts'
import type { ReportFacts } from '@runnel/contracts/api/report'
import { formatLocalTime } from '../windows/local-days.ts'

/** The words that text and HTML of a report share. */

const numbers = new Intl.NumberFormat('en-US')

export function formatNumber(value: number | null): string {
  return value === null ? 'not counted in time' : numbers.format(value)
}

/** Statuses in the order in which they are listed; open ones are no results of a day. */
export const RESULT_STATUSES = MESSAGE_STATUSES.filter(
  (status): status is Exclude<MessageStatus, 'pending' | 'retry'> =>
    status !== 'pending' && status !== 'retry',
)

/** On one line, and without what could change the direction of the text around it. */
export function cleanName(name: string, id: number): string {
  const clean = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return clean === '' ? `Mailing ${id}` : clean
}

const REASONS: Readonly<Record<string, string>> = {
  opted_out: 'the client had opted out',
  client_deleted: 'the client was deleted',
  interrupted: 'the sender stopped before the outcome was known',
  time_zone_unknown: "the client's time zone is not known",
  window_closed: "outside the permitted hours in the client's time zone",
  text_too_long: 'the text would have been too long',
  text_empty: 'the text would have been empty',
  template_too_slow: 'the text took too long to render',
  template_failed: 'the text could not be rendered for this client',
  template_invalid: 'the text was not a valid template',
  unreached: 'the gateway, the mail server or the webhook was not reached',
  uncertain: 'there was no report whether the message was accepted',
  no_address: 'the client had no address of the channel any more',
  private_address: 'the webhook led to a private network',
  email_invalid: 'the e-mail could not be made',
  unauthorised: 'the mail server refused the login',
  no_answer: 'the mail server fell silent, or closed the connection',
  sender_refused: 'the mail server refused the sender',
  service_refused: 'the mail server refused to take messages',
  forbidden: 'the mail server refused the recipient by its policy',
}

/** A reason in words; one that is not known here, as it is. */
export function explainReason(reason: string | null): string {
  if (reason === null) return 'no reason was noted'
  const status = /^http_(\d{3})$/.exec(reason)?.[1]
  if (status !== undefined) return `the gateway or the webhook answered ${status}`
  const reply = /^smtp_(\d{3})$/.exec(reason)?.[1]
  if (reply !== undefined) return `the mail server answered ${reply}`
  const code = /^(?:gateway_)?code_(-?\d+)$/.exec(reason)?.[1]
  if (code !== undefined) return `the gateway refused with code ${code}`
  return Object.hasOwn(REASONS, reason) ? REASONS[reason]! : reason
}

/** When a mailing that is under way will end, as far as that can be told. */
export function describeFinish(mailing: ReportFacts['underWay'][number], timeZone: string): string {
  const at = (iso: string) => formatLocalTime(Date.parse(iso), timeZone)
  const end = `it expires at ${at(mailing.end)}`
  if (mailing.status === 'paused') return `paused; ${end}`
  if (mailing.estimatedFinish === null) return `its finish cannot be estimated; ${end}`
  if (Date.parse(mailing.estimatedFinish) > Date.parse(mailing.end))
    return `too slow to finish: ${end}, at its present rate it would take until ${at(mailing.estimatedFinish)}`
  return `at its present rate until ${at(mailing.estimatedFinish)}; ${end}`
}

export function describeOutage(outage: ReportFacts['outages'][number], timeZone: string): string {
  const [fromMs, untilMs] = [
    Date.parse(outage.from),
    outage.until === null ? undefined : Date.parse(outage.until),
  ]
  const what = OUTAGES[outage.condition] ?? 'the gateway failed'
  const isNamed = outage.reason !== null && !UNTOLD_REASONS.has(outage.reason)
  const why = isNamed ? ` (${outage.reason!.replaceAll('_', ' ')})` : ''
  const how =
    untilMs === undefined
      ? 'and it lasts'
      : `until ${formatLocalTime(untilMs, timeZone)}, ${formatDuration(untilMs - fromMs)}`
  return `From ${formatLocalTime(fromMs, timeZone)} ${how}: ${what}${why}`
}

/** What stopped, by the condition. */
const OUTAGES: Readonly<Record<string, string>> = {
  gateway_pause: 'the gateway asked for a pause',
  email_breaker: 'e-mail could not be sent',
  webhook_breaker: 'most webhooks could not be reached',
}

/** They say no more than the condition itself. */
const UNTOLD_REASONS: ReadonlySet<string> = new Set(['failing', 'the gateway asked for it'])

/** For people: 25 s, 3 min, 2 h 5 min. */
function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
