import { useCallback, useMemo } from 'preact/hooks'
import type { DeadLetter } from '../../api/dead-letters.ts'
import { formatCount } from '../../format/number.ts'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { LetterState } from './letter-state.tsx'

interface LetterTableProps {
  readonly letters: readonly DeadLetter[]
  readonly selected: number
  readonly hrefOf: (id: number) => string
  readonly onOpen: (id: number) => void
}

/** Characters of a payload that a row has room for. */
const GLIMPSE = 200

/** Dead letters, one to a row. */
export function LetterTable({ letters, selected, hrefOf, onOpen }: LetterTableProps) {
  const columns = useMemo(() => columnsOf(hrefOf), [hrefOf])
  const open = useCallback(({ id }: DeadLetter) => onOpen(id), [onOpen])
  return (
    <Table
      label="Dead letters"
      class="letters stacked"
      columns={columns}
      rows={letters}
      rowKey={({ id }) => id}
      selected={selected}
      onRow={open}
    />
  )
}

function columnsOf(hrefOf: LetterTableProps['hrefOf']): Column<DeadLetter>[] {
  return [
    { title: 'Last failed', class: 'narrow', cell: ({ lastFailedAt }) => <Time at={lastFailedAt} /> },
    { title: 'State', class: 'narrow', cell: (letter) => <LetterState letter={letter} /> },
    { title: 'Kind', class: 'narrow', cell: ({ kind }) => kind },
    {
      title: 'Reason',
      class: 'letter-reason',
      cell: ({ id, reason, payload, payloadEncoding }) => (
        <>
          <a href={hrefOf(id)} class="row-link">
            {reason || '(no reason)'}
          </a>
          <span class="letter-payload mono quiet">
            {payloadEncoding === 'base64' ? '(binary)' : payload.slice(0, GLIMPSE)}
          </span>
        </>
      ),
    },
    {
      title: 'Attempts',
      align: 'right',
      class: 'narrow wide-only',
      cell: ({ attempts }) => formatCount(attempts),
    },
    {
      title: 'First failed',
      class: 'narrow wide-only',
      cell: ({ firstFailedAt }) => <Time at={firstFailedAt} />,
    },
    {
      title: 'Replayed',
      class: 'narrow wide-only',
      cell: ({ replayedAt }) =>
        replayedAt === null ? <span class="quiet">–</span> : <Time at={replayedAt} />,
    },
  ]
}
