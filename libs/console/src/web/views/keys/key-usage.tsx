import { useState } from 'preact/hooks'
import { getKeyUsage, type KeyUsage as Usage } from '../../api/keys.ts'
import { useResource } from '../../data/use-resource.ts'
import { formatBytes } from '../../format/bytes.ts'
import { formatCount } from '../../format/number.ts'
import { Badge } from '../../parts/badge.tsx'
import { Card } from '../../parts/card.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { Table, type Column } from '../../parts/table.tsx'

const REFRESH_MS = 30_000
const TIMES = [
  { value: '15', label: '15 minutes' },
  { value: '60', label: 'An hour' },
  { value: '360', label: '6 hours' },
  { value: '1440', label: 'A day' },
]

const COLUMNS: readonly Column<Usage>[] = [
  { title: 'Name', cell: ({ name }) => name },
  { title: 'Id', cell: ({ id }) => <code>{id}</code>, class: 'wide-only' },
  { title: 'Requests', align: 'right', cell: ({ requests }) => formatCount(requests) },
  { title: 'Refused', align: 'right', cell: ({ refused }) => <Refused count={refused} /> },
  { title: 'Events', align: 'right', cell: ({ events }) => formatCount(events) },
  { title: 'Bytes', align: 'right', cell: ({ bytes }) => formatBytes(bytes) },
]

/** What each key did of late, at all replicas together. */
export function KeyUsage() {
  const [minutes, setMinutes] = useState('60')
  const load = (signal: AbortSignal) => getKeyUsage(Number(minutes), signal)
  const usage = useResource(minutes, load, { refreshMs: REFRESH_MS })
  return (
    <Card
      title="Usage"
      actions={<Segmented label="Usage of the last" value={minutes} options={TIMES} onChange={setMinutes} />}
    >
      <Loaded resource={usage}>
        {({ items }) =>
          items.length > 0 ? (
            <Table label="Usage of API keys" columns={COLUMNS} rows={items} rowKey={({ id }) => id} />
          ) : (
            <Empty title="No key was used in this time.">Usage is updated every few seconds.</Empty>
          )
        }
      </Loaded>
    </Card>
  )
}

function Refused({ count }: { count: number }) {
  return count > 0 ? <Badge tone="warn">{formatCount(count)}</Badge> : <>0</>
}
