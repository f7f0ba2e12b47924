import { KINDS } from '@runnel/contracts'
import type { ReportFacts } from '@runnel/contracts/api/report'
import { formatDay, formatLocalTime } from '../windows/local-days.ts'
import {
  cleanName,
  describeFinish,
  describeOutage,
  explainReason,
  formatNumber,
  RESULT_STATUSES,
} from './report-lines.ts'

/** A report as plain text. @param console address without a slash at its end */
export function renderReportText(facts: ReportFacts, console: string): string {
  const { timeZone } = facts
  return [
    `${formatDay(facts.day)} (${timeZone})`,
    ...section('Mailings', mailingLines(facts, console), 'No mailing was handled.'),
    ...section('Why messages failed', failureLines(facts), 'None failed.'),
    ...section('Under way', underWayLines(facts, console), 'Nothing is under way.'),
    ...section(
      'Outages',
      facts.outages.map((outage) => `- ${describeOutage(outage, timeZone)}`),
      'There were none.',
    ),
    ...section('Clients', [`Opted out: ${formatNumber(facts.optOuts)}`], ''),
    ...section('Events', eventLines(facts, console), ''),
    '',
    `What is under way is as of ${formatLocalTime(Date.parse(facts.readAt), timeZone)}.`,
    `Console: ${console}/reports`,
    '',
  ].join('\n')
}

function section(title: string, lines: readonly string[], otherwise: string): string[] {
  return ['', title.toUpperCase(), ...(lines.length > 0 ? lines : [otherwise])]
}

function mailingLines({ mailings, moreMailings, totals }: ReportFacts, console: string): string[] {
  if (mailings.length === 0) return []
  const counts = (of: ReportFacts['totals']) =>
    RESULT_STATUSES.filter((status) => of[status] > 0 || status === 'sent')
      .map((status) => `${formatNumber(of[status])} ${status}`)
      .join(', ')
  return [
    `All: ${counts(totals)}`,
    ...mailings.flatMap(({ id, name, status, deleted, counts: own }) => [
      `- ${cleanName(name, id)} (${deleted ? 'deleted' : status}): ${counts(own)}`,
      ...(deleted ? [] : [`  ${console}/mailings/${id}`]),
    ]),
    ...(moreMailings > 0 ? [`and ${formatNumber(moreMailings)} more`] : []),
  ]
}

function failureLines({ failures }: ReportFacts): string[] {
  if (failures === null) return ['The reasons could not be counted in time.']
  return failures.map(
    ({ status, reason, messages }) => `- ${formatNumber(messages)} ${status}: ${explainReason(reason)}`,
  )
}

function underWayLines({ underWay, timeZone }: ReportFacts, console: string): string[] {
  return underWay.flatMap((mailing) => [
    `- ${cleanName(mailing.name, mailing.id)}: ${formatNumber(mailing.remaining)} of ${formatNumber(mailing.total)} messages are still to be sent; ${describeFinish(mailing, timeZone)}`,
    `  ${console}/mailings/${mailing.id}`,
  ])
}

function eventLines({ events, deadLetters }: ReportFacts, console: string): string[] {
  const letters =
    deadLetters === null
      ? 'Dead letters: not counted in time'
      : `Dead letters: ${formatNumber(deadLetters.fresh)} of this day, ${formatNumber(deadLetters.kept)} in all`
  return [
    `Stored: ${KINDS.map((kind) => `${formatNumber(events[kind])} ${kind}`).join(', ')}`,
    letters,
    ...(deadLetters !== null && deadLetters.kept > 0 ? [`  ${console}/dead-letters`] : []),
  ]
}
