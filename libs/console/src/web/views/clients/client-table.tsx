import { useCallback, useMemo } from 'preact/hooks'
import type { Client, Attributes } from '../../api/clients.ts'
import { Badge } from '../../parts/badge.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'

interface ClientTableProps {
  readonly clients: readonly Client[]
  readonly selected: number
  readonly hrefOf: (id: number) => string
  readonly onOpen: (id: number) => void
}

/** Clients, one to a row. */
export function ClientTable({ clients, selected, hrefOf, onOpen }: ClientTableProps) {
  const columns = useMemo(() => columnsOf(hrefOf), [hrefOf])
  const open = useCallback(({ id }: Client) => onOpen(id), [onOpen])
  return (
    <Table
      label="Clients"
      class="clients stacked"
      columns={columns}
      rows={clients}
      rowKey={({ id }) => id}
      selected={selected}
      onRow={open}
    />
  )
}

function columnsOf(hrefOf: ClientTableProps['hrefOf']): Column<Client>[] {
  return [
    {
      title: 'Phone',
      class: 'narrow client-phone',
      cell: ({ id, phone }) => <a href={hrefOf(id)}>{phone}</a>,
    },
    {
      title: 'State',
      class: 'narrow',
      cell: ({ optedOut }) => optedOut && <Badge tone="warn">opted out</Badge>,
    },
    { title: 'Operator', class: 'narrow', cell: ({ operatorCode }) => operatorCode },
    { title: 'Tag', class: 'client-tag', cell: ({ tag }) => tag },
    { title: 'E-mail', class: 'narrow wide-only', cell: ({ email }) => email },
    { title: 'Time zone', class: 'narrow', cell: ({ timeZone }) => timeZone },
    {
      title: 'Attributes',
      class: 'client-attributes',
      cell: ({ attributes }) => {
        const text = attributesInLine(attributes)
        return text && <span class="row-link quiet">{text}</span>
      },
    },
    { title: 'Changed', class: 'narrow wide-only', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
  ]
}

/** `name Anna, order 7`: attributes for one line of a table. */
function attributesInLine(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
