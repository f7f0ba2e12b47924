import { useCallback, useRef, useState } from 'preact/hooks'
import { useQueryParams } from '../../data/use-query-params.ts'
import { useRange } from '../../data/use-range.ts'
import { Page } from '../../parts/page.tsx'
import { addTerm } from './query-text.ts'
import { useFields } from './use-fields.ts'
import { LogValuesCard } from './log-values-card.tsx'
import { LogPatternsCard } from './log-patterns-card.tsx'
import { LogActions } from './log-actions.tsx'
import { LogFilters } from './log-filters.tsx'
import { LogHistogram } from './log-histogram.tsx'
import { LogList } from './log-list.tsx'
import { OpenEntry } from './open-entry.tsx'
import { useLogs } from './use-logs.ts'
import { LogTail } from './log-tail.tsx'
import { useLook } from './use-look.ts'
import type { LogEntry } from '../../api/logs.ts'
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
  const [lines, setLines] = useState(NO_ENTRIES)
  const { fields, want } = useFields(params, range, entries)
  const onTerm = (term: string) => change({ query: addTerm(params.get('query') ?? '', term), cursor: null })
  const again = () => {
    page.reload()
    stats.reload()
  }
  return (
    <Page title="Logs" actions={<LogActions query={query} live={live} wraps={look.wraps} times={times} />}>
      <LogFilters
        query={query}
        levels={(stats.data?.levels ?? []).flatMap(({ level }) => level || [])}
        entries={entries}
        fields={fields}
        onFocus={want}
        onAgain={again}
      />
      {isReadable && !(page.error && stats.error) && (
        <LogHistogram
          stats={stats}
          onZoom={times.onFixed}
          onLevel={(level) => change({ level: params.get('level') === level ? null : level, cursor: null })}
        />
      )}
      {isReadable && <LogPatternsCard query={query} range={range} onTerm={onTerm} />}
      {isReadable && <LogValuesCard query={query} range={range} fields={fields} onTerm={onTerm} />}
      {isReadable &&
        (live ? (
          <LogTail query={query} hrefOf={hrefOf} onOpen={onOpen} look={look} onLines={setLines} />
        ) : (
          <LogList query={query} page={page} times={times} hrefOf={hrefOf} onOpen={onOpen} look={look} />
        ))}
      <OpenEntry query={query} range={range} entries={live ? lines : entries} onTerm={onTerm} />
    </Page>
  )
}
