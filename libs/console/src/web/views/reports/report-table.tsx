import { useMemo } from 'preact/hooks'
import type { Report } from '../../api/reports.ts'
import { formatCount } from '../../format/number.ts'
import { Table, type Column } from '../../parts/table.tsx'
import { NotificationList } from './notification-list.tsx'

interface ReportTableProps {
  readonly reports: readonly Report[]
  readonly hrefOf: (day: string) => string
  readonly onSent: () => void
}

/** Reported days, the newest first. */
export function ReportTable({ reports, hrefOf, onSent }: ReportTableProps) {
  const columns = useMemo(() => columnsOf(hrefOf, onSent), [hrefOf, onSent])
  return (
    <Table
      label="Daily reports"
      class="reports stacked"
      columns={columns}
      rows={reports}
      rowKey={({ day }) => day}
    />
  )
}

function columnsOf(hrefOf: (day: string) => string, onSent: () => void): Column<Report>[] {
  return [
    { title: 'Day', class: 'narrow', cell: ({ day }) => <a href={hrefOf(day)}>{day}</a> },
    {
      title: 'Mailings',
      align: 'right',
      class: 'narrow wide-only',
      cell: ({ facts }) => formatCount(facts.mailings.length + facts.moreMailings),
    },
    {
      title: 'Sent',
      align: 'right',
      class: 'narrow',
      cell: ({ facts }) => (
        <>
          {formatCount(facts.totals.sent)} <span class="narrow-only quiet">sent</span>
        </>
      ),
    },
    {
      title: 'Failed',
      align: 'right',
      class: 'narrow',
      cell: ({ facts }) => (
        <span class={facts.totals.failed > 0 ? 'bad-text' : undefined}>
          {formatCount(facts.totals.failed)} <span class="narrow-only quiet">failed</span>
        </span>
      ),
    },
    {
      title: 'E-mails',
      cell: ({ skipped, notifications }) =>
        skipped ? (
          <span class="quiet">Nothing happened on that day, and such days are not reported.</span>
        ) : (
          <NotificationList notifications={notifications} onSent={onSent} />
        ),
    },
  ]
}
