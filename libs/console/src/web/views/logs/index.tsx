import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks'
import { useQueryParams } from '../../data/use-query-params.ts'
import { useRange } from '../../data/use-range.ts'
import { Page } from '../../parts/page.tsx'
import { TimeRangePicker } from '../../parts/time-range-picker.tsx'
import { ExportMenu } from '../../parts/export-menu.tsx'
import { LogFilters } from './log-filters.tsx'
import { LogHistogram } from './log-histogram.tsx'
import { LogList } from './log-list.tsx'
import { LogPanel } from './log-panel.tsx'
import { LogTail } from './log-tail.tsx'
import { addTerm, findQueryError } from './query-text.ts'
import { searchedWords } from './searched-words.ts'
import { searchParams, PAGE_SIZE } from './logs-query.ts'
import { exportUrl, getLogs, getLogStats, type LogEntry } from '../../api/logs.ts'
import { absoluteChanges, type TimeRange } from '../../data/time-range.ts'
import { useResource } from '../../data/use-resource.ts'
import './logs.css'

/** How often the counts are read again beside a live tail. */
const LIVE_STATS_MS = 15_000

const NO_ENTRIES: readonly LogEntry[] = []

/** The page of entries and the counts that an address asks for. */
function useLogs(params: URLSearchParams, range: TimeRange, live: boolean) {
  // At a fixed moment: the key is what was asked for, not when.
  const isReadable = findQueryError(params.get('query') ?? '') === undefined
  const key = isReadable ? JSON.stringify(searchParams(params, range, 0)) : undefined
  const cursor = params.get('cursor')
  const page = useResource(live || !isReadable ? undefined : `${key} ${cursor}`, (signal) =>
    getLogs({ ...searchParams(params, range, Date.now()), limit: PAGE_SIZE, cursor }, signal),
  )
  const stats = useResource(key, (signal) => getLogStats(searchParams(params, range, Date.now()), signal), {
    refreshMs: live ? LIVE_STATS_MS : undefined,
  })
  return { page, stats, isReadable }
}

/** Search in logs, and their live tail. What is searched for, and which entry is open, is in the address. */
export default function Logs() {
  const query = useQueryParams()
  const { params, change, href } = query
  const times = useRange(query)
  const { range } = times
  const live = params.has('live')
  const { page, stats, isReadable } = useLogs(params, range, live)
  const entry = params.get('entry')
  const latest = useRef({ change, href })
  latest.current = { change, href }
  // The same for ever, so that rows are not drawn again for them.
  const hrefOf = useCallback((id: string) => latest.current.href({ entry: id }), [])
  const onOpen = useCallback((id: string) => latest.current.change({ entry: id }), [])
  const entries = page.data?.items ?? NO_ENTRIES
  const text = params.get('query') ?? ''
  const q = params.get('q') ?? ''
  const words = useMemo(() => searchedWords(text, q), [text, q])
  useEffect(() => document.querySelector('.logs tr.selected')?.scrollIntoView({ block: 'nearest' }), [entry])
  const services = entries.flatMap(({ service }) => service || [])
  const again = () => {
    page.reload()
    stats.reload()
  }
  return (
    <Page
      title="Logs"
      actions={
        <>
          <button
            type="button"
            aria-pressed={live}
            onClick={() => change({ live: live ? null : '1', cursor: null, entry: null })}
          >
            <i class="live-dot" aria-hidden="true" /> Live tail
          </button>
          <ExportMenu
            name="logs"
            formats={['ndjson', 'csv']}
            hrefOf={(format) => exportUrl(format, searchParams(params, range, Date.now()))}
          />
          <TimeRangePicker {...times} />
        </>
      }
    >
      <LogFilters
        query={query}
        levels={(stats.data?.levels ?? []).flatMap(({ level }) => level || [])}
        services={[...new Set(services)].sort()}
        entries={entries}
        onAgain={again}
      />
      {isReadable && !(page.error && stats.error) && (
        <LogHistogram
          stats={stats}
          onZoom={times.onFixed}
          onLevel={(level) => change({ level: params.get('level') === level ? null : level, cursor: null })}
          onReset={times.onReset}
        />
      )}
      {isReadable &&
        (live ? (
          <LogTail query={query} hrefOf={hrefOf} onOpen={onOpen} words={words} />
        ) : (
          <LogList query={query} page={page} hrefOf={hrefOf} onOpen={onOpen} words={words} />
        ))}
      {entry && (
        <LogPanel
          id={entry}
          onClose={() => change({ entry: null })}
          onTerm={(term) => change({ query: addTerm(text, term), cursor: null })}
          linkOf={() => location.origin + href(absoluteChanges(range, Date.now()))}
          onStep={(by) => {
            const next = entries[entries.findIndex(({ id }) => id === entry) + by]
            const isListed = entries.some(({ id }) => id === entry)
            return isListed && next ? () => change({ entry: next.id }, true) : undefined
          }}
        />
      )}
    </Page>
  )
}
