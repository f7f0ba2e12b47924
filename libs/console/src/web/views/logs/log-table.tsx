import { useCallback, useMemo } from 'preact/hooks'
import type { LogEntry } from '../../api/logs.ts'
import { Badge } from '../../parts/badge.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import type { Marker } from './create-marker.ts'
import { Highlighted } from './highlighted.tsx'
import { cellText } from './columns-param.ts'
import { entryText } from './entry-members.ts'
import { levelTone } from './levels.ts'

interface LogTableProps {
  readonly entries: readonly LogEntry[]
  readonly selected: string | undefined
  /** The address of one entry. */
  readonly hrefOf: (id: string) => string
  readonly onOpen: (id: string) => void
  /** What is marked in messages. */
  readonly marker: Marker
  /** Fields that have columns of their own. */
  readonly fields: readonly string[]
  /** Long messages go on over several lines. */
  readonly wraps: boolean
}

/** Entries, one to a row. */
export function LogTable({ entries, selected, hrefOf, onOpen, marker, fields, wraps }: LogTableProps) {
  const columns = useMemo(() => columnsOf(hrefOf, marker, fields), [hrefOf, marker, fields])
  const onRow = useCallback(({ id }: LogEntry) => onOpen(id), [onOpen])
  return (
    <Table
      label="Log entries"
      class={wraps ? 'logs' : 'logs single-line'}
      columns={columns}
      rows={entries}
      rowKey={({ id }) => id}
      selected={selected}
      onRow={onRow}
    />
  )
}

function columnsOf(
  hrefOf: LogTableProps['hrefOf'],
  marker: Marker,
  fields: readonly string[],
): Column<LogEntry>[] {
  return [
    { title: 'Time', class: 'narrow', cell: ({ occurredAt }) => <Time at={occurredAt} millis /> },
    { title: 'Level', class: 'narrow log-level', cell: ({ level }) => <Level level={level} /> },
    { title: 'Service', class: 'log-service', cell: ({ service }) => service },
    ...fields.map((field) => ({
      title: field,
      class: 'log-field',
      cell: (entry: LogEntry) => cellText(entry, field),
    })),
    {
      title: 'Message',
      class: 'log-message',
      cell: (entry) => (
        <a href={hrefOf(entry.id)} class="row-link">
          <Highlighted text={entryText(entry) || '(empty)'} marker={marker} />
        </a>
      ),
    },
  ]
}

function Level({ level }: { level: string | null }) {
  return level === null ? <span class="quiet">–</span> : <Badge tone={levelTone(level)}>{level}</Badge>
}
