import { useEffect, useState } from 'preact/hooks'
import type { QueryParams } from '../../data/use-query-params.ts'
import { Menu } from '../../parts/menu.tsx'
import { keepSearch, readSearches, writeSearches, type Searches } from './searches.ts'

/** Searches of this browser: the last ones, and those that a person keeps. */
export function SavedSearches({ query: { params, change } }: { query: QueryParams }) {
  const query = params.get('query') ?? ''
  const [searches, setSearches] = useState(() => readSearches(localStorage))
  const store = (next: Searches) => {
    setSearches(next)
    writeSearches(localStorage, next)
  }
  useEffect(() => {
    if (query !== '') store(keepSearch(readSearches(localStorage), 'recent', query))
  }, [query])
  const drop = (text: string) => store({ ...searches, saved: searches.saved.filter((one) => one !== text) })
  const run = (text: string, close: () => void) => {
    change({ query: text, cursor: null, entry: null })
    close()
  }
  return (
    <Menu label="Searches">
      {(close) => (
        <div class="saved-searches">
          <button
            type="button"
            disabled={query === '' || searches.saved.includes(query)}
            onClick={() => store(keepSearch(searches, 'saved', query))}
          >
            Save this search
          </button>
          <SearchList title="Saved" texts={searches.saved} onRun={(text) => run(text, close)} onDrop={drop} />
          <SearchList title="Recent" texts={searches.recent} onRun={(text) => run(text, close)} />
        </div>
      )}
    </Menu>
  )
}

interface SearchListProps {
  readonly title: string
  readonly texts: readonly string[]
  readonly onRun: (text: string) => void
  readonly onDrop?: (text: string) => void
}

function SearchList({ title, texts, onRun, onDrop }: SearchListProps) {
  if (texts.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul class="menu-list">
        {texts.map((text) => (
          <li key={text}>
            <button type="button" class="plain mono" onClick={() => onRun(text)}>
              {text}
            </button>
            {onDrop && (
              <button type="button" class="plain" aria-label={`Forget ${text}`} onClick={() => onDrop(text)}>
                ✕
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
