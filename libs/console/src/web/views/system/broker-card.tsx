import type { BrokerState } from '../../api/system.ts'
import { formatPercent } from '../../format/number.ts'
import { Card } from '../../parts/card.tsx'
import { Progress } from '../../parts/progress.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { knownBytes, knownCount } from './known.ts'
import { LagCell } from './lag-cell.tsx'
import { shareOf } from './troubles.ts'

const COLUMNS: readonly Column<BrokerState>[] = [
  { title: 'Kind', cell: ({ kind }) => <b>{kind}</b> },
  { title: 'Waiting', align: 'right', cell: ({ pendingMessages }) => knownCount(pendingMessages) },
  {
    title: 'Being stored',
    align: 'right',
    class: 'wide-only',
    cell: ({ unsettledMessages }) => knownCount(unsettledMessages),
  },
  { title: 'Lag', align: 'right', cell: (state) => <LagCell state={state} /> },
  { title: 'Stream', class: 'stream-cell wide-only', cell: (state) => <Room state={state} /> },
  {
    title: 'Stored',
    align: 'right',
    class: 'wide-only',
    cell: ({ storedEvents }) => knownCount(storedEvents),
  },
  {
    title: 'Dead letters',
    align: 'right',
    cell: ({ kind, deadLetteredEvents }) => (
      <a href={`/console/dead-letters?kind=${kind}`}>{knownCount(deadLetteredEvents)}</a>
    ),
  },
]

/** What waits in the broker, and how far behind the consumer is. */
export function BrokerCard({ broker }: { broker: readonly BrokerState[] }) {
  return (
    <Card title="Event backlog" class="broker-card">
      <Table label="Backlog by kind" columns={COLUMNS} rows={broker} rowKey={({ kind }) => kind} />
      <p class="quiet card-note">Stored and dead letters: since the consumer started.</p>
    </Card>
  )
}

function Room({ state: { kind, streamBytes, streamLimitBytes } }: { state: BrokerState }) {
  const share = shareOf(streamBytes, streamLimitBytes)
  if (share === undefined) return <>{knownBytes(streamBytes)}</>
  return (
    <div class="room">
      <Progress label={`Stream of ${kind}`} value={streamBytes ?? 0} max={streamLimitBytes ?? 0} />
      <span class="number quiet">
        {knownBytes(streamBytes)} of {knownBytes(streamLimitBytes)} ({formatPercent(share)})
      </span>
    </div>
  )
}
