import type { ReportFacts } from '@runnel/contracts/api/report'
import type { Logger } from '@runnel/observability'
import type { Database } from '@runnel/repositories-database'
import { createReport, listReportDays, type NewNotification } from '@runnel/repositories-mailings'
import { randomUUID } from 'node:crypto'
import type { Mailbox } from '../notifications/email-address.ts'
import { addDays } from '../windows/local-days.ts'
import { daysToReport, MAX_LATE_DAYS, newestDueDay } from './due-days.ts'
import { readReportFacts } from './read-report-facts.ts'
import type { ReportOptions } from './settings.ts'

export interface MakeReportsDeps {
  readonly database: Database
  readonly log: Logger
  readonly report: ReportOptions
  readonly from: Mailbox
  readonly giveUpMs: number
  /** The database's time. */
  readonly nowMs: number
  readonly signal: AbortSignal
}

/**
 * Makes the reports of all days that are due and have no report yet, each with one e-mail for each person. Replicas may do it at
 * once: the row of the day decides.
 *
 * @returns whether there is something to send now
 */
export async function makeReports(deps: MakeReportsDeps): Promise<boolean> {
  const { database, log, report, nowMs, giveUpMs, signal } = deps
  const newest = newestDueDay(nowMs, report)
  const reported = new Set(await listReportDays(database, addDays(newest, -2 * MAX_LATE_DAYS), newest))
  let made = false
  for (const day of daysToReport(nowMs, report, reported)) {
    if (signal.aborted) break
    const facts = await readReportFacts(database, day, report.timeZone, nowMs)
    const skipped = !report.emptyDays && facts.mailings.length === 0
    const notifications = skipped
      ? []
      : report.to.map((to) => toNotification(`report/${day}/${to}`, to, facts, deps.from))
    if (!(await createReport(database, { day, facts, skipped, notifications, giveUpMs }))) continue
    log.info({ day, recipients: notifications.length, skipped }, 'daily report made')
    made ||= !skipped
  }
  return made
}

/** The e-mail of a report for one person. */
export function toNotification(
  key: string,
  to: string,
  facts: ReportFacts,
  from: Mailbox,
): NewNotification & { channel: 'email' } {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  return {
    ...{ key, channel: 'email', target: to, reportDay: facts.day },
    messageId: `<runnel-report-${facts.day}-${randomUUID()}@${domain}>`,
    content: { type: 'report.daily', data: facts },
  }
}
