import { useCallback, useMemo } from 'preact/hooks'
import type { LogEntry } from '../../api/logs.ts'
import { Badge } from '../../parts/badge.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { Highlighted } from './highlighted.tsx'
import { entryText } from './entry-members.ts'
import { levelTone } from './levels.ts'

interface LogTableProps {
  readonly entries: readonly LogEntry[]
  readonly selected: string | undefined
  /** The address of one entry. */
  readonly hrefOf: (id: string) => string
  readonly onOpen: (id: string) => void
  /** What is marked in messages. */
  readonly words: readonly string[]
}

/** Entries, one to a row. */
export function LogTable({ entries, selected, hrefOf, onOpen, words }: LogTableProps) {
  const columns = useMemo(() => columnsOf(hrefOf, words), [hrefOf, words])
  const onRow = useCallback(({ id }: LogEntry) => onOpen(id), [onOpen])
  return (
    <Table
      label="Log entries"
      class="logs"
      columns={columns}
      rows={entries}
      rowKey={({ id }) => id}
      selected={selected}
      onRow={onRow}
    />
  )
}

function columnsOf(hrefOf: LogTableProps['hrefOf'], words: readonly string[]): Column<LogEntry>[] {
  return [
    { title: 'Time', class: 'narrow', cell: ({ occurredAt }) => <Time at={occurredAt} millis /> },
    { title: 'Level', class: 'narrow log-level', cell: ({ level }) => <Level level={level} /> },
    { title: 'Service', class: 'log-service', cell: ({ service }) => service },
    {
      title: 'Message',
      class: 'log-message',
      cell: (entry) => (
        <a href={hrefOf(entry.id)} class="row-link">
          <Highlighted text={entryText(entry) || '(empty)'} words={words} />
        </a>
      ),
    },
  ]
}

function Level({ level }: { level: string | null }) {
  return level === null ? <span class="quiet">–</span> : <Badge tone={levelTone(level)}>{level}</Badge>
}
