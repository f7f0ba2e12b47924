import { useMemo } from 'preact/hooks'
import type { ApiOperation } from '../../api/operations.ts'
import { Badge } from '../../parts/badge.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { accessText, operationId } from './find-operations.ts'

interface OperationTableProps {
  readonly app: string
  readonly operations: readonly ApiOperation[]
  readonly selected: string | undefined
  readonly hrefOf: (id: string) => string
  readonly onOpen: (id: string) => void
}

/** The operations of an app, in the order of its document. */
export function OperationTable({ app, operations, selected, hrefOf, onOpen }: OperationTableProps) {
  const columns = useMemo(() => columnsOf((operation) => hrefOf(operationId(app, operation))), [app, hrefOf])
  return (
    <Table
      label={`Operations of ${app}`}
      class="stacked operations"
      columns={columns}
      rows={operations}
      rowKey={(operation) => operationId(app, operation)}
      selected={selected}
      onRow={(operation) => onOpen(operationId(app, operation))}
    />
  )
}

function columnsOf(hrefOf: (operation: ApiOperation) => string): readonly Column<ApiOperation>[] {
  return [
    { title: 'Method', class: 'narrow', cell: ({ method }) => <code>{method}</code> },
    {
      title: 'Path',
      cell: (operation) => (
        <a class="row-link mono" href={hrefOf(operation)}>
          {operation.path}
        </a>
      ),
    },
    { title: 'Summary', cell: ({ summary }) => summary },
    { title: 'Needs', class: 'narrow', cell: (operation) => <Access operation={operation} /> },
  ]
}

/** What a caller has to bring. */
export function Access({ operation }: { operation: ApiOperation }) {
  const tone = operation.isPublic ? 'neutral' : 'info'
  return <Badge tone={tone}>{accessText(operation)}</Badge>
}
