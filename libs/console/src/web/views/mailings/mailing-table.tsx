import { useLocation } from 'preact-iso'
import { useCallback } from 'preact/hooks'
import type { MailingSummary } from '../../api/mailings.ts'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { MailingBadge } from './mailing-badge.tsx'
import { mailingHref } from './mailing-path.ts'
import { mailingTitle } from './mailing-title.ts'
import { Pace } from './pace.tsx'
import { ProgressCell } from './progress-cell.tsx'

const COLUMNS: readonly Column<MailingSummary>[] = [
  { title: 'Status', class: 'narrow', cell: ({ status }) => <MailingBadge status={status} /> },
  {
    title: 'Name',
    class: 'mailing-name',
    cell: (mailing) => (
      <a href={mailingHref(mailing.id)} class="row-link">
        {mailingTitle(mailing)}
      </a>
    ),
  },
  { title: 'Progress', class: 'mailing-progress', cell: (mailing) => <ProgressCell {...mailing} /> },
  { title: 'Pace', class: 'mailing-pace', cell: (mailing) => <Pace mailing={mailing} /> },
  { title: 'Start', class: 'narrow wide-only', cell: ({ start }) => <Time at={start} /> },
]

/** Mailings, one to a row. */
export function MailingTable({ mailings }: { mailings: readonly MailingSummary[] }) {
  const { route } = useLocation()
  const open = useCallback(({ id }: MailingSummary) => route(mailingHref(id)), [route])
  return (
    <Table
      label="Mailings"
      class="mailings stacked"
      columns={COLUMNS}
      rows={mailings}
      rowKey={({ id }) => id}
      onRow={open}
    />
  )
}
