import type { Audience } from '@runnel/contracts/api/audience'
import type { Mailing } from '@runnel/contracts/api/mailing'
import type { MailingStats } from '@runnel/contracts/api/mailing-stats'
import type { MailingWarning } from '@runnel/contracts/api/mailing-warning'
import { formatCount } from '@runnel/producer-sim/cli'
import { formatFields } from '../../output/columns.ts'
import { showMinute } from '../../output/show-time.ts'
import { showText } from '../../output/show-text.ts'

const SHOWN_TEXTS = 3

/** What a mailing is, in lines. */
export function describeMailing(mailing: Mailing): readonly string[] {
  const { id, name, status, channel, start, end, text, subject, window, ratePerSecond, restReason } = mailing
  return formatFields([
    ['Mailing', `${id}  ${showText(name)}`],
    ['Status', restReason === null ? status : `${status} (${restReason})`],
    ['Channel', channel],
    ['From', showMinute(start)],
    ['Until', showMinute(end)],
    ['Hours', describeWindow(window)],
    [
      'Rate',
      ratePerSecond === null ? 'no limit of its own' : `${formatCount(ratePerSecond)} messages a second`,
    ],
    ['For', describeFilter(mailing.filter)],
    ...(subject === null ? [] : [['Subject', showText(subject)] as const]),
    ['Text', showText(text)],
    ...(mailing.approval?.missing ? [['Approval', 'waits for a second person'] as const] : []),
  ])
}

/** How far it is. */
export function describeProgress({
  total,
  counts,
  ratePerSecond,
  estimatedFinish,
}: MailingStats): readonly string[] {
  const some = Object.entries(counts).filter(([, count]) => count > 0)
  return formatFields([
    ['Messages', formatCount(total)],
    ...some.map(([status, count]) => [`  ${status}`, formatCount(count)] as const),
    ...(ratePerSecond === null ? [] : [['A second', String(ratePerSecond)] as const]),
    ...(estimatedFinish === null ? [] : [['Done at', showMinute(estimatedFinish)] as const]),
  ])
}

/** Whom a mailing to be would reach, and what they would read. */
export function describeAudience({ count, withoutAddress, sample, warnings }: Audience): readonly string[] {
  const left = withoutAddress ? `, and ${formatCount(withoutAddress)} more if they had an address` : ''
  return [
    `It reaches ${formatCount(count)} ${count === 1 ? 'client' : 'clients'}${left}.`,
    ...sample
      .slice(0, SHOWN_TEXTS)
      .map(
        ({ phone, text, problem }) =>
          `  ${phone}  ${text === null ? `no text: ${showText(problem ?? '')}` : showText(text)}`,
      ),
    ...describeWarnings(warnings),
  ]
}

export function describeWarnings(warnings: readonly MailingWarning[]): readonly string[] {
  return warnings.map(({ field, message }) => `Warning (${field}): ${showText(message)}`)
}

export function describeWindow(window: Mailing['window']): string {
  return window === null ? 'at any hour' : `from ${window.from} to ${window.to}, in the time of each client`
}

function describeFilter({ tags, operatorCodes, received, notReceived }: Mailing['filter']): string {
  const conditions = [
    ...(tags.length > 0 ? [`tags ${tags.map(showText).join(', ')}`] : []),
    ...(operatorCodes.length > 0 ? [`operator codes ${operatorCodes.join(', ')}`] : []),
    ...(received.length > 0 ? [`who received ${received.join(', ')}`] : []),
    ...(notReceived.length > 0 ? [`who did not receive ${notReceived.join(', ')}`] : []),
  ]
  return conditions.length === 0 ? 'all clients' : conditions.join('; ')
}
