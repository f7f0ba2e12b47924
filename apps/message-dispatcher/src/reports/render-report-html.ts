import { KINDS } from '@runnel/contracts'
import type { ReportFacts } from '@runnel/contracts/api/report'
import { emailPage, escapeHtml, link, pairs, row, STYLES } from '../notifications/email-html.ts'
import { formatDay, formatLocalTime } from '../windows/local-days.ts'
import {
  cleanName,
  describeFinish,
  describeOutage,
  explainReason,
  formatNumber,
  RESULT_STATUSES,
} from './report-lines.ts'

type Counts = ReportFacts['totals']

/** A report as HTML. @param console address without a slash at its end */
export function renderReportHtml(facts: ReportFacts, console: string): string {
  const { timeZone, totals } = facts
  const rows = [
    row('title', escapeHtml(formatDay(facts.day))),
    row('quiet', `${escapeHtml(timeZone)}, ${escapeHtml(hoursOf(facts))}`),
    totalsRow(totals),
    row('heading', 'Mailings'),
    mailingRows(facts, console),
    row('heading', 'Why messages failed'),
    failureRows(facts),
    row('heading', 'Under way'),
    underWayRows(facts, console),
    row('heading', 'Outages'),
    facts.outages.length === 0
      ? row('quiet', 'There were none.')
      : facts.outages.map((outage) => row('cell', escapeHtml(describeOutage(outage, timeZone)))).join(''),
    row('heading', 'Clients and events'),
    eventRows(facts, console),
    row('quiet', '&nbsp;'),
    row(
      'quiet',
      `What is under way is as of ${escapeHtml(formatLocalTime(Date.parse(facts.readAt), timeZone))}. ${link(`${console}/reports`, 'All reports in the console')}`,
    ),
  ]
  return emailPage({ title: `Runnel, ${escapeHtml(formatDay(facts.day))}`, rows: rows.join('\n') })
}

function hoursOf({ from, until, timeZone }: ReportFacts): string {
  const at = (iso: string) => formatLocalTime(Date.parse(iso), timeZone)
  return `${at(from)} to ${at(until)}`
}

/** Large numbers side by side. */
function totalsRow(totals: Counts): string {
  const cells = RESULT_STATUSES.map((status) => {
    const isBad = (status === 'failed' || status === 'unknown') && totals[status] > 0
    const colour = isBad ? 'color:#b3261e' : ''
    return `<td class="text" style="${STYLES.text};padding:20px 4px 0 0;vertical-align:top"><span class="text${isBad ? ' bad' : ''}" style="font-size:20px;line-height:26px;font-weight:600;${colour}">${formatNumber(totals[status])}</span><br><span class="quiet" style="${STYLES.quiet}">${status}</span></td>`
  })
  return `<tr><td><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>${cells.join('')}</tr></table></td></tr>`
}

function mailingRows({ mailings, moreMailings }: ReportFacts, console: string): string {
  if (mailings.length === 0) return row('quiet', 'No mailing was handled.')
  const listed = mailings.map(({ id, name, status, deleted, counts }) => {
    const title = cleanName(name, id)
    const shown = deleted ? escapeHtml(title) : link(`${console}/mailings/${id}`, title)
    const others = RESULT_STATUSES.filter((other) => other !== 'sent' && counts[other] > 0)
      .map((other) => `${formatNumber(counts[other])} ${other}`)
      .join(', ')
    const small = [deleted ? 'deleted' : status, others].filter(Boolean).join('; ')
    return [
      `${shown}<br><span class="quiet" style="${STYLES.quiet}">${escapeHtml(small)}</span>`,
      `${formatNumber(counts.sent)}<br><span class="quiet" style="${STYLES.quiet}">sent</span>`,
    ] as const
  })
  const more = moreMailings > 0 ? row('quiet', `and ${formatNumber(moreMailings)} more`) : ''
  return pairs(listed) + more
}

function failureRows({ failures }: ReportFacts): string {
  if (failures === null) return row('quiet', 'The reasons could not be counted in time.')
  if (failures.length === 0) return row('quiet', 'None failed.')
  return pairs(
    failures.map(({ status, reason, messages }) => [
      `${status}: ${escapeHtml(explainReason(reason))}`,
      formatNumber(messages),
    ]),
  )
}

function underWayRows({ underWay, timeZone }: ReportFacts, console: string): string {
  if (underWay.length === 0) return row('quiet', 'Nothing is under way.')
  return pairs(
    underWay.map((mailing) => [
      `${link(`${console}/mailings/${mailing.id}`, cleanName(mailing.name, mailing.id))}<br><span class="quiet" style="${STYLES.quiet}">${escapeHtml(describeFinish(mailing, timeZone))}</span>`,
      `${formatNumber(mailing.remaining)}<br><span class="quiet" style="${STYLES.quiet}">of ${formatNumber(mailing.total)} to send</span>`,
    ]),
  )
}

function eventRows({ optOuts, events, deadLetters }: ReportFacts, console: string): string {
  const letters =
    deadLetters === null
      ? 'not counted in time'
      : `${formatNumber(deadLetters.fresh)} of this day, ${formatNumber(deadLetters.kept)} in all`
  return pairs([
    ['Clients who opted out', formatNumber(optOuts)],
    ...KINDS.map((kind) => [`Stored ${kind}`, formatNumber(events[kind])] as const),
    [link(`${console}/dead-letters`, 'Dead letters'), letters],
  ])
}
