import type { ApiOperation, AppOperations, OperationParameter } from '../../api/operations.ts'
import { Facts } from '../../parts/facts.tsx'
import { SidePanel } from '../../parts/side-panel.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { CodedText } from './coded-text.tsx'
import { Access } from './operation-table.tsx'

interface OperationPanelProps {
  readonly app: AppOperations
  readonly operation: ApiOperation
  readonly onClose: () => void
}

/** One operation in full. */
export function OperationPanel({ app, operation, onClose }: OperationPanelProps) {
  const { method, path, summary, description, isForwarded, parameters, bodyTypes, statuses } = operation
  return (
    <SidePanel
      title={`${method} ${path}`}
      onClose={onClose}
      actions={
        app.docsUrl !== null && (
          <a class="button" href={app.docsUrl}>
            Try it in Swagger UI of {app.name}
          </a>
        )
      }
    >
      <p>{summary}</p>
      <p class="coded-text">
        <CodedText text={description} />
      </p>
      <Facts
        facts={[
          ['App', isForwarded ? `${app.name}, and query-api, which passes it on` : app.name],
          ['Needs', <Access operation={operation} />],
          ['Body', bodyTypes.length > 0 ? bodyTypes.join(', ') : 'none'],
          ['Answers', statuses.join(', ') || 'not described'],
        ]}
      />
      {parameters.length > 0 && (
        <>
          <h3>Parameters</h3>
          <Table
            label="Parameters"
            class="stacked"
            columns={COLUMNS}
            rows={parameters}
            rowKey={({ name, in: place }) => `${place} ${name}`}
          />
        </>
      )}
    </SidePanel>
  )
}

const COLUMNS: readonly Column<OperationParameter>[] = [
  { title: 'Name', class: 'narrow', cell: ({ name }) => <code>{name}</code> },
  {
    title: 'Place',
    class: 'narrow',
    cell: ({ in: place, required }) => (required ? `${place}, required` : place),
  },
  { title: 'Description', cell: ({ description }) => <CodedText text={description} /> },
]
