import { useMemo } from 'preact/hooks'
import type { Session } from '../../api/sessions.ts'
import { Badge } from '../../parts/badge.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'

interface SessionTableProps {
  readonly sessions: readonly Session[]
  readonly busy: boolean
  readonly onEnd: (session: Session) => void
}

/** Sessions, the latest used first; that of this browser is ended by signing out. */
export function SessionTable({ sessions, busy, onEnd }: SessionTableProps) {
  const columns = useMemo(() => columnsOf(busy, onEnd), [busy])
  return <Table label="Sessions" class="stacked" columns={columns} rows={sessions} rowKey={({ id }) => id} />
}

function columnsOf(busy: boolean, onEnd: (session: Session) => void): readonly Column<Session>[] {
  return [
    { title: 'Who', class: 'narrow', cell: ({ name, roles }) => `${name} (${roles.join(', ')})` },
    { title: 'Last request', class: 'narrow', cell: ({ seenAt }) => <Time at={seenAt} /> },
    { title: 'Since', class: 'narrow', cell: ({ createdAt }) => <Time at={createdAt} /> },
    { title: 'From', class: 'narrow', cell: ({ address }) => address },
    { title: 'Browser', class: 'wide-only', cell: ({ userAgent }) => userAgent },
    {
      title: 'End',
      class: 'narrow',
      cell: (session) =>
        session.isCurrent ? (
          <Badge tone="good">this one</Badge>
        ) : (
          <button type="button" disabled={busy} onClick={() => onEnd(session)}>
            End
          </button>
        ),
    },
  ]
}
