import { useCallback, useMemo } from 'preact/hooks'
import type { ListedMessage } from '../../api/messages.ts'
import { formatCount } from '../../format/number.ts'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { explainReason } from './explain-reason.ts'
import { MessageBadge } from './message-badge.tsx'

interface MessageTableProps {
  readonly messages: readonly ListedMessage[]
  readonly selected: number
  readonly hrefOf: (id: number) => string
  readonly onOpen: (id: number) => void
}

/** Messages, one to a row. */
export function MessageTable({ messages, selected, hrefOf, onOpen }: MessageTableProps) {
  const columns = useMemo(() => columnsOf(hrefOf), [hrefOf])
  const open = useCallback(({ id }: ListedMessage) => onOpen(id), [onOpen])
  return (
    <Table
      label="Messages"
      class="messages stacked"
      columns={columns}
      rows={messages}
      rowKey={({ id }) => id}
      selected={selected}
      onRow={open}
    />
  )
}

function columnsOf(hrefOf: MessageTableProps['hrefOf']): Column<ListedMessage>[] {
  return [
    { title: 'Changed', class: 'narrow', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
    { title: 'Status', class: 'narrow', cell: ({ status }) => <MessageBadge status={status} /> },
    {
      title: 'Message',
      class: 'narrow number',
      cell: ({ id }) => <a href={hrefOf(id)}>{id}</a>,
    },
    {
      title: 'Client',
      class: 'narrow number wide-only',
      cell: ({ clientId }) => <a href={`/console/clients?client=${clientId}`}>{clientId}</a>,
    },
    {
      title: 'Sent to',
      class: 'message-address',
      cell: ({ phone, address }) => <SentTo to={phone ?? address} />,
    },
    { title: 'Operator', class: 'narrow wide-only', cell: ({ operatorCode }) => operatorCode },
    { title: 'Tag', class: 'message-tag wide-only', cell: ({ tag }) => tag || <span class="quiet">–</span> },
    {
      title: 'Attempts',
      align: 'right',
      class: 'narrow wide-only',
      cell: ({ attempts }) => formatCount(attempts),
    },
    { title: 'Reason', class: 'message-reason', cell: ({ reason }) => reason && explainReason(reason) },
  ]
}

/** The phone or address of the last attempt. */
function SentTo({ to }: { to: string | null }) {
  return to === null ? <span class="quiet">–</span> : <span class="number">{to}</span>
}
