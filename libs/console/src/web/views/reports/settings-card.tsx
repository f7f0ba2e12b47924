import type { NotificationSettings } from '../../api/reports.ts'
import { Card } from '../../parts/card.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Time } from '../../parts/time.tsx'

/** Who gets reports and alerts, and how to set it. */
export function SettingsCard({ settings }: { settings: NotificationSettings }) {
  const { email, report, alerts } = settings
  const list = (values: readonly string[], variable: string) =>
    values.length > 0 ? values.join(', ') : <span class="quiet">none: set {variable}</span>
  return (
    <Card title="Recipients">
      <Facts
        facts={[
          [
            'Mail server',
            email ? `${email.server}, from ${email.from}` : <span class="quiet">none: set SMTP_HOST</span>,
          ],
          ['Daily report', list(report.to, 'REPORT_TO')],
          ['Time', `${String(report.hour).padStart(2, '0')}:00, ${report.timeZone}, of the day before`],
          ['Next', report.next ? <Time at={report.next} /> : <span class="quiet">–</span>],
          ['Alerts by e-mail', list(alerts.emails, 'ALERT_EMAILS')],
          ['Alerts by webhook', list(alerts.webhooks, 'ALERT_WEBHOOK_URLS')],
        ]}
      />
    </Card>
  )
}
