import { MESSAGE_STATUSES, type Counted } from '../../api/mailings.ts'
import { formatCount, formatPercent } from '../../format/number.ts'
import { Card } from '../../parts/card.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { StatusBar } from './status-bar.tsx'

/** Messages of one operator, or with one tag. */
interface Group extends Counted {
  readonly name: string
}

interface GroupTableProps {
  readonly title: string
  /** What a group is, as a heading. */
  readonly kind: string
  /** What stands for an empty name. */
  readonly unnamed: string
  readonly groups: readonly Group[]
  /** Those that are not listed. */
  readonly rest: Counted | null
}

/** Messages by groups of clients. */
export function GroupTable({ title, kind, unnamed, groups, rest }: GroupTableProps) {
  const rows = rest ? [...groups, { name: 'All others', ...rest }] : groups
  const columns: Column<Group>[] = [
    { title: kind, cell: ({ name }) => name || <span class="quiet">{unnamed}</span> },
    { title: 'By status', class: 'group-bar wide-only', cell: (group) => <StatusBar {...group} /> },
    { title: 'Messages', align: 'right', class: 'narrow', cell: ({ total }) => formatCount(total) },
    {
      title: 'Sent',
      align: 'right',
      class: 'narrow',
      cell: ({ total, counts }) => formatPercent(total === 0 ? 0 : counts.sent / total),
    },
    {
      title: 'Not sent',
      class: 'group-rest',
      cell: ({ counts }) => notSent(counts) || <span class="quiet">–</span>,
    },
  ]
  return (
    <Card title={title} class="table-card">
      {rows.length === 0 ? (
        <p class="quiet">There are no messages yet.</p>
      ) : (
        <Table label={title} columns={columns} rows={rows} rowKey={({ name }) => name} />
      )}
    </Card>
  )
}

function notSent(counts: Counted['counts']): string {
  return MESSAGE_STATUSES.filter((status) => status !== 'sent' && counts[status] > 0)
    .map((status) => `${formatCount(counts[status])} ${status}`)
    .join(', ')
}
