import { useMemo } from 'preact/hooks'
import type { Alert } from '../../api/reports.ts'
import { Badge } from '../../parts/badge.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { NotificationList } from './notification-list.tsx'

/** Alerts, the newest first. */
export function AlertTable({ alerts, onSent }: { alerts: readonly Alert[]; onSent: () => void }) {
  const columns = useMemo(() => columnsOf(onSent), [onSent])
  return (
    <Table label="Alerts" class="alerts stacked" columns={columns} rows={alerts} rowKey={({ id }) => id} />
  )
}

function columnsOf(onSent: () => void): Column<Alert>[] {
  return [
    {
      title: 'Alert',
      cell: ({ title, text }) => (
        <>
          <b>{title}</b>
          <p class="quiet">{text}</p>
        </>
      ),
    },
    {
      title: 'State',
      class: 'narrow',
      cell: ({ resolvedAt }) =>
        resolvedAt ? <Badge tone="good">resolved</Badge> : <Badge tone="bad">open</Badge>,
    },
    { title: 'Since', class: 'narrow', cell: ({ startedAt }) => <Time at={startedAt} /> },
    {
      title: 'Until',
      class: 'narrow',
      cell: ({ resolvedAt }) => (resolvedAt ? <Time at={resolvedAt} /> : <span class="quiet">now</span>),
    },
    {
      title: 'Told',
      cell: ({ notifications }) =>
        notifications.length === 0 ? (
          <span class="quiet">Nobody: no address is set.</span>
        ) : (
          <NotificationList notifications={notifications} onSent={onSent} />
        ),
    },
  ]
}
