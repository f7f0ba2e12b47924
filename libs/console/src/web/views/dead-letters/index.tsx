import { useCallback, useRef, useState } from 'preact/hooks'
import { getDeadLetters } from '../../api/dead-letters.ts'
import { useQueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Needs } from '../../parts/needs.tsx'
import { Page } from '../../parts/page.tsx'
import { Pager } from '../../parts/pager.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { DownloadLetters } from './download-letters.tsx'
import { LetterFilters } from './letter-filters.tsx'
import { LetterGroups } from './letter-groups.tsx'
import { LetterPanel } from './letter-panel.tsx'
import { LetterTable } from './letter-table.tsx'
import { isFiltered, listParams, WITHOUT_FILTERS } from './letters-query.ts'
import { ReplayDialog } from './replay-dialog.tsx'
import './dead-letters.css'

const REFRESH_MS = 5000

/** Events that could not be stored: why, what they hold, and another try. */
export default function DeadLetters() {
  const query = useQueryParams()
  const { params, change, href } = query
  const [asking, setAsking] = useState<'replay' | 'delete'>()
  const open = Number(params.get('letter') ?? '')
  const page = useResource(
    // At a fixed moment: the key is what was asked for, not when.
    JSON.stringify(listParams(params, 0)),
    (signal) => getDeadLetters(listParams(params, Date.now()), signal),
    { refreshMs: REFRESH_MS },
  )
  const latest = useRef(query)
  latest.current = query
  const hrefOf = useCallback((id: number) => latest.current.href({ letter: String(id) }), [])
  const onOpen = useCallback((id: number) => latest.current.change({ letter: String(id) }), [])
  return (
    <Page
      title="Dead letters"
      actions={
        <>
          <DownloadLetters params={params} />
          <Needs scope="dead-letters:write">
            <button type="button" onClick={() => setAsking('delete')}>
              {isFiltered(params) ? 'Delete all that match' : 'Delete all'}
            </button>
            <button type="button" onClick={() => setAsking('replay')}>
              {isFiltered(params) ? 'Replay all that match' : 'Replay all'}
            </button>
          </Needs>
        </>
      }
    >
      <LetterFilters query={query} />
      <LetterGroups query={query} />
      <Loaded resource={page}>
        {({ items, nextCursor }) => (
          <>
            {items.length > 0 ? (
              <LetterTable letters={items} selected={open} hrefOf={hrefOf} onOpen={onOpen} />
            ) : (
              <NoLetters filtered={isFiltered(params)} resetHref={href(WITHOUT_FILTERS)} />
            )}
            <Pager
              first={params.has('cursor') ? href({ cursor: null, letter: null }) : undefined}
              firstLabel="Newest"
              next={nextCursor ? href({ cursor: nextCursor, letter: null }) : undefined}
              nextLabel="Older"
            />
          </>
        )}
      </Loaded>
      {open > 0 && (
        <LetterPanel
          key={open}
          id={open}
          query={query}
          onClose={() => change({ letter: null, as: null })}
          onWritten={page.reload}
        />
      )}
      {asking === 'replay' && (
        <ReplayDialog params={params} onClose={() => setAsking(undefined)} onWritten={page.reload} />
      )}
      {asking === 'delete' && (
        <DeleteDialog params={params} onClose={() => setAsking(undefined)} onWritten={page.reload} />
      )}
    </Page>
  )
}

function NoLetters({ filtered, resetHref }: { filtered: boolean; resetHref: string }) {
  if (filtered) {
    return (
      <Empty title="No dead letter matches.">
        <a href={resetHref}>Remove the filters</a>
      </Empty>
    )
  }
  return <Empty title="There are no dead letters.">Everything that came in could be stored.</Empty>
}
