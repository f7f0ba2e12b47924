import { useCallback, useMemo, useRef } from 'preact/hooks'
import { useQueryParams } from '../../data/use-query-params.ts'
import { useRange } from '../../data/use-range.ts'
import { Page } from '../../parts/page.tsx'
import { TimeRangePicker } from '../../parts/time-range-picker.tsx'
import { ExportMenu } from '../../parts/export-menu.tsx'
import { addTerm } from './query-text.ts'
import { knownFields } from './completions.ts'
import { LogValuesCard } from './log-values-card.tsx'
import { SummaryMenu } from './summary-menu.tsx'
import { LogFilters } from './log-filters.tsx'
import { LogHistogram } from './log-histogram.tsx'
import { LogList } from './log-list.tsx'
import { SavedSearches } from './saved-searches.tsx'
import { OpenEntry } from './open-entry.tsx'
import { useLogs } from './use-logs.ts'
import { LogTail } from './log-tail.tsx'
import { useLook } from './use-look.ts'
import { searchParams } from './logs-query.ts'
import { exportColumns } from './columns-param.ts'
import { exportUrl, type LogEntry } from '../../api/logs.ts'
import './logs.css'

const NO_ENTRIES: readonly LogEntry[] = []

/** Search in logs, and their live tail. What is searched for, and which entry is open, is in the address. */
export default function Logs() {
  const query = useQueryParams()
  const { params, change, href } = query
  const times = useRange(query)
  const { range } = times
  const live = params.has('live')
  const { page, stats, isReadable } = useLogs(params, range, live)
  const latest = useRef({ change, href })
  latest.current = { change, href }
  // The same for ever, so that rows are not drawn again for them.
  const hrefOf = useCallback((id: string) => latest.current.href({ entry: id }), [])
  const onOpen = useCallback((id: string) => latest.current.change({ entry: id }), [])
  const entries = page.data?.items ?? NO_ENTRIES
  const look = useLook(params)
  const fields = useMemo(() => knownFields(entries), [entries])
  const onTerm = (term: string) => change({ query: addTerm(params.get('query') ?? '', term), cursor: null })
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
          <button
            type="button"
            aria-pressed={look.wraps}
            onClick={() => change({ wrap: look.wraps ? null : '1' })}
          >
            Wrap lines
          </button>
          <SavedSearches query={query} />
          <SummaryMenu query={query} />
          <ExportMenu
            name="logs"
            formats={['ndjson', 'csv']}
            hint={exportColumns(params).length > 0 ? 'With the columns that are shown.' : undefined}
            hrefOf={(format) =>
              exportUrl(format, searchParams(params, range, Date.now()), exportColumns(params))
            }
          />
          <TimeRangePicker {...times} />
        </>
      }
    >
      <LogFilters
        query={query}
        levels={(stats.data?.levels ?? []).flatMap(({ level }) => level || [])}
        entries={entries}
        fields={fields}
        onAgain={again}
      />
      {isReadable && !(page.error && stats.error) && (
        <LogHistogram
          stats={stats}
          onZoom={times.onFixed}
          onLevel={(level) => change({ level: params.get('level') === level ? null : level, cursor: null })}
        />
      )}
      {isReadable && <LogValuesCard query={query} range={range} fields={fields} onTerm={onTerm} />}
      {isReadable &&
        (live ? (
          <LogTail query={query} hrefOf={hrefOf} onOpen={onOpen} look={look} />
        ) : (
          <LogList query={query} page={page} times={times} hrefOf={hrefOf} onOpen={onOpen} look={look} />
        ))}
      <OpenEntry query={query} range={range} entries={entries} onTerm={onTerm} />
    </Page>
  )
}
