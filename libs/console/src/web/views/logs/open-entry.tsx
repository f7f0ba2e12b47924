import { useEffect } from 'preact/hooks'
import type { LogEntry } from '../../api/logs.ts'
import { absoluteChanges, type TimeRange } from '../../data/time-range.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { contextChanges } from './context-cursor.ts'
import { LogPanel } from './log-panel.tsx'
import { toggleColumn } from './columns-param.ts'
import { addTerm } from './query-text.ts'

interface OpenEntryProps {
  readonly query: QueryParams
  readonly range: TimeRange
  /** The list beside it. */
  readonly entries: readonly LogEntry[]
}

/** The entry of the address in full, with the ways to those beside it in the list. */
export function OpenEntry({ query: { params, change, href }, range, entries }: OpenEntryProps) {
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
      onTerm={(term) => change({ query: addTerm(params.get('query') ?? '', term), cursor: null })}
      contextHref={(entry) => href(contextChanges(params, entry))}
      linkOf={() => location.origin + href(absoluteChanges(range, Date.now()))}
      onStep={step}
      onColumn={(column) => change({ columns: toggleColumn(params, column) })}
    />
  )
}
