import { useCallback, useRef } from 'preact/hooks'
import { getClients } from '../../api/clients.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { Empty } from '../../parts/empty.tsx'
import { Needs } from '../../parts/needs.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Pager } from '../../parts/pager.tsx'
import { ClientFilters } from './client-filters.tsx'
import { ClientPanel } from './client-panel.tsx'
import { ClientTable } from './client-table.tsx'
import { ClientTotals } from './client-totals.tsx'
import { filterParams, isFiltered, WITHOUT_FILTERS } from './clients-query.ts'

interface ClientListProps {
  readonly query: QueryParams
  /** Another one reads again. */
  readonly turn: number
  readonly onImport: () => void
  readonly onWritten: () => void
}

const PAGE_SIZE = 100

/** A page of clients, and one of them in full. */
export function ClientList({ query, turn, onImport, onWritten }: ClientListProps) {
  const { params, change, href } = query
  const [cursor, open] = [params.get('cursor'), params.get('client')]
  const filter = filterParams(params)
  const page = useResource(JSON.stringify([filter, cursor, turn]), (signal) =>
    getClients({ ...filter, cursor, limit: PAGE_SIZE }, signal),
  )
  const latest = useRef(query)
  latest.current = query
  const hrefOf = useCallback((id: number) => latest.current.href({ client: String(id) }), [])
  const onOpen = useCallback((id: number) => latest.current.change({ client: String(id) }), [])
  return (
    <>
      <ClientFilters query={query} clients={page.data?.items ?? []} />
      <ClientTotals filter={filter} turn={turn} />
      <Loaded resource={page}>
        {({ items, nextCursor }) => (
          <>
            {items.length > 0 ? (
              <ClientTable clients={items} selected={Number(open)} hrefOf={hrefOf} onOpen={onOpen} />
            ) : (
              <NoClients
                filtered={isFiltered(params)}
                resetHref={href(WITHOUT_FILTERS)}
                onImport={onImport}
              />
            )}
            <Pager
              first={cursor ? href({ cursor: null, client: null }) : undefined}
              next={nextCursor ? href({ cursor: nextCursor, client: null }) : undefined}
            />
          </>
        )}
      </Loaded>
      {open && (
        <ClientPanel key={open} id={open} onClose={() => change({ client: null })} onWritten={onWritten} />
      )}
    </>
  )
}

interface NoClientsProps {
  readonly filtered: boolean
  readonly resetHref: string
  readonly onImport: () => void
}

function NoClients({ filtered, resetHref, onImport }: NoClientsProps) {
  if (filtered) {
    return (
      <Empty title="No client matches.">
        <a href={resetHref}>Remove the filters</a>
      </Empty>
    )
  }
  return (
    <Empty title="There are no clients yet.">
      <Needs scope="clients:write">
        <button type="button" onClick={onImport}>
          Import a file
        </button>
      </Needs>
    </Empty>
  )
}
