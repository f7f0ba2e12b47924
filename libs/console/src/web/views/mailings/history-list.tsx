import { getHistory } from '../../api/mailings.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Pager } from '../../parts/pager.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import type { HistoryEntry } from '../../api/mailings.ts'
import { describeHistory } from './describe-history.ts'

const COLUMNS: readonly Column<HistoryEntry>[] = [
  { title: 'When', class: 'narrow', cell: ({ at }) => <Time at={at} /> },
  { title: 'Who', class: 'history-who', cell: ({ actor }) => actor },
  { title: 'What', class: 'history-what', cell: (entry) => describeHistory(entry) },
]

interface HistoryListProps {
  readonly id: number
  readonly version: number
  readonly status: string
  readonly query: QueryParams
}

/** What people did to a mailing. */
export function HistoryList({ id, version, status, query: { params, href } }: HistoryListProps) {
  const cursor = params.get('cursor')
  // Another version or status means that there is a new entry.
  const page = useResource(`${id} ${cursor} ${version} ${status}`, (signal) =>
    getHistory(id, { cursor }, signal),
  )
  return (
    <Loaded resource={page}>
      {({ items, nextCursor }) => (
        <>
          {items.length > 0 ? (
            <Table
              label="History"
              class="history stacked"
              columns={COLUMNS}
              rows={items}
              rowKey={(entry) => entry.id}
            />
          ) : (
            <Empty title="Nothing has been done to this mailing yet." />
          )}
          <Pager
            first={cursor ? href({ cursor: null }) : undefined}
            firstLabel="Latest"
            next={nextCursor ? href({ cursor: nextCursor }) : undefined}
            nextLabel="Earlier"
          />
        </>
      )}
    </Loaded>
  )
}
