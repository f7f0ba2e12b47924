import type { ReportFacts } from '@runnel/contracts/api/report'
import type { EmailContent } from '../smtp/compose-email.ts'
import { formatDay } from '../windows/local-days.ts'
import { renderReportHtml } from './render-report-html.ts'
import { renderReportText } from './render-report-text.ts'
import { formatNumber } from './report-lines.ts'

/** A report as an e-mail. @param consoleUrl without a slash at its end */
export function renderReport(facts: ReportFacts, consoleUrl: string): EmailContent {
  return {
    subject: `Runnel, ${formatDay(facts.day)}: ${headline(facts)}`,
    text: renderReportText(facts, consoleUrl),
    html: renderReportHtml(facts, consoleUrl),
  }
}

/** The day in a few words. */
function headline({ mailings, totals, outages }: ReportFacts): string {
  if (mailings.length === 0) return 'no mailings'
  const parts = [`${formatNumber(totals.sent)} sent`]
  if (totals.failed > 0) parts.push(`${formatNumber(totals.failed)} failed`)
  if (totals.unknown > 0) parts.push(`${formatNumber(totals.unknown)} unknown`)
  if (totals.expired > 0) parts.push(`${formatNumber(totals.expired)} expired`)
  if (outages.length > 0) parts.push(describeOutages(outages))
  return parts.join(', ')
}

function describeOutages(outages: ReportFacts['outages']): string {
  const count = `${outages.length} ${outages.length === 1 ? 'outage' : 'outages'}`
  return outages.every(({ condition }) => condition.startsWith('gateway')) ? `${count} of the gateway` : count
}
