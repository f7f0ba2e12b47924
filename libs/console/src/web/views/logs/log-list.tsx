import type { LogPage } from '../../api/logs.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import type { RangeControls } from '../../data/use-range.ts'
import type { Resource } from '../../data/use-resource.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Pager } from '../../parts/pager.tsx'
import { Time } from '../../parts/time.tsx'
import type { LogLook } from './use-look.ts'
import { LogTable } from './log-table.tsx'
import { contextOf } from './context-cursor.ts'
import { isFiltered, withoutFilters } from './logs-query.ts'
import { NoEntries } from './no-entries.tsx'

interface LogListProps {
  readonly query: QueryParams
  readonly page: Resource<LogPage>
  readonly times: Pick<RangeControls, 'range' | 'onFixed'>
  readonly hrefOf: (id: string) => string
  readonly onOpen: (id: string) => void
  readonly look: LogLook
}

/** A page of entries, and the ways to older and newer ones. */
export function LogList({ query, page, times, hrefOf, onOpen, look }: LogListProps) {
  const { params, href } = query
  const onLater = params.has('cursor')
  const context = contextOf(params)
  const leadTo = (cursor: string | null | undefined) => (cursor ? href({ cursor, entry: null }) : undefined)
  return (
    <Loaded resource={page}>
      {({ items, nextCursor, prevCursor, newestAt, searchedTo }) => (
        <>
          {context && <p class="quiet">All entries around the one that is open, without the filters.</p>}
          {items.length > 0 ? (
            <LogTable
              entries={items}
              selected={params.get('entry') ?? undefined}
              hrefOf={hrefOf}
              onOpen={onOpen}
              {...look}
            />
          ) : searchedTo ? (
            <Empty title="Nothing matches so far." />
          ) : (
            <NoEntries
              filtered={isFiltered(params)}
              resetHref={href(withoutFilters(params))}
              newestAt={newestAt ?? undefined}
              times={times}
            />
          )}
          {searchedTo && (
            <SearchedTo at={searchedTo} page={{ items, nextCursor, prevCursor }} leadTo={leadTo} />
          )}
          <Pager
            first={onLater ? href({ cursor: null, entry: null }) : undefined}
            firstLabel="Newest"
            previous={onLater ? leadTo(prevCursor) : undefined}
            previousLabel="Newer"
            next={leadTo(nextCursor)}
            nextLabel="Older"
          />
        </>
      )}
    </Loaded>
  )
}

interface SearchedToProps {
  readonly at: string
  readonly page: LogPage
  readonly leadTo: (cursor: string | null) => string | undefined
}

/** The search took too long to look at everything: how far it came, and the way on. */
function SearchedTo({ at, page: { items, nextCursor, prevCursor }, leadTo }: SearchedToProps) {
  const [newest] = items
  const isOlder = newest ? at <= newest.occurredAt : nextCursor !== null
  const onward = leadTo(isOlder ? nextCursor : prevCursor)
  return (
    <p class="searched-to" role="status">
      Searched {isOlder ? 'back' : 'up'} to <Time at={at} />; {isOlder ? 'older' : 'newer'} entries were not
      looked at yet. {onward && <a href={onward}>Go on</a>}
    </p>
  )
}
