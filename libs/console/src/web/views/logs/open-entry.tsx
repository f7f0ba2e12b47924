import { useEffect } from 'preact/hooks'
import type { LogEntry } from '../../api/logs.ts'
import { absoluteChanges, type TimeRange } from '../../data/time-range.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { contextChanges } from './context-cursor.ts'
import { LogPanel } from './log-panel.tsx'
import { toggleColumn } from './columns-param.ts'

interface OpenEntryProps {
  readonly query: QueryParams
  readonly range: TimeRange
  /** The list beside it. */
  readonly entries: readonly LogEntry[]
  /** Adds a condition to the query. */
  readonly onTerm: (term: string) => void
}

/** The entry of the address in full, with the ways to those beside it in the list. */
export function OpenEntry({ query: { params, change, href }, range, entries, onTerm }: OpenEntryProps) {
  const id = params.get('entry')
  useEffect(
    () => document.querySelector('.logs tr.selected')?.scrollIntoView({ block: 'nearest' }),
    [id, entries],
  )
  if (!id) return null
  const place = entries.findIndex((entry) => entry.id === id)
  const step = (by: -1 | 1) => {
    const next = place < 0 ? undefined : entries[place + by]
    return next && (() => change({ entry: next.id }, true))
  }
  return (
    <LogPanel
      id={id}
      onClose={() => change({ entry: null })}
      onTerm={onTerm}
      contextHref={(entry) => href(contextChanges(params, entry))}
      linkOf={() => location.origin + href(absoluteChanges(range, Date.now()))}
      onStep={step}
      onCount={(by) => change({ by, entry: null })}
      onColumn={(column) => change({ columns: toggleColumn(params, column) })}
    />
  )
}
