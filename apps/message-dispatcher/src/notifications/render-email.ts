import type { ReportFacts } from '@runnel/contracts/api/report'
import type { AlertMessage } from '../alerts/alert-message.ts'
import { renderAlert } from '../alerts/render-alert.ts'
import { renderReport } from '../reports/render-report.ts'
import type { EmailContent } from '../smtp/compose-email.ts'

/** What notifications by e-mail hold; webhooks get the JSON itself. */
type Content = { readonly type: 'report.daily'; readonly data: ReportFacts } | AlertMessage

/** The stored content of a notification as an e-mail. @throws where it is of another version, and cannot be read */
export function renderEmail(content: unknown, consoleUrl: string): EmailContent {
  const known = content as Content
  return known.type === 'report.daily' ? renderReport(known.data, consoleUrl) : renderAlert(known)
}
