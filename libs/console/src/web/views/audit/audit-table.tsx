import type { AuditEntry } from '../../api/audit.ts'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { subjectName } from './audit-query.ts'

const COLUMNS: readonly Column<AuditEntry>[] = [
  { title: 'When', class: 'narrow', cell: ({ at }) => <Time at={at} /> },
  { title: 'Who', class: 'narrow', cell: ({ actor }) => actor },
  { title: 'What', class: 'narrow', cell: ({ action }) => action.replaceAll('_', ' ') },
  { title: 'Object', class: 'narrow', cell: (entry) => <Subject entry={entry} /> },
  { title: 'Details', class: 'wide-only', cell: ({ detail }) => <Detail detail={detail} /> },
]

/** What was done, the newest first. */
export function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  return <Table label="Audit log" class="stacked" columns={COLUMNS} rows={entries} rowKey={({ id }) => id} />
}

/** With a link to what can be opened by its id; a deleted mailing keeps its statistics there. */
function Subject({ entry: { subject, subjectId } }: { entry: AuditEntry }) {
  const name = subjectName(subject)
  if (subjectId === null) return <>{name}</>
  const text = `${name} ${subjectId}`
  return subject === 'mailing' ? <a href={`/console/mailings/${subjectId}`}>{text}</a> : <>{text}</>
}

function Detail({ detail }: { detail: unknown }) {
  const text = JSON.stringify(detail)
  if (detail === null || text === '{}' || text === undefined) return null
  return <code>{text}</code>
}
