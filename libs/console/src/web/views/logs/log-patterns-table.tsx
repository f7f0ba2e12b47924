import type { LogPatterns } from '../../api/logs.ts'
import { formatCount, formatPercent, plural } from '../../format/number.ts'
import { Empty } from '../../parts/empty.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { CountedFrom } from './counted-from.tsx'
import { splitPattern } from './split-pattern.ts'
import { TermButtons } from './term-buttons.tsx'

interface LogPatternsTableProps {
  readonly patterns: LogPatterns
  readonly onTerm: (term: string) => void
  /** The address of one entry. */
  readonly hrefOf: (id: string) => string
}

/** Patterns with their counts, and what is not among them. */
export function LogPatternsTable({ patterns: data, onTerm, hrefOf }: LogPatternsTableProps) {
  const { total, patterns } = data
  const columns: Column<LogPatterns['patterns'][number]>[] = [
    {
      title: 'Pattern',
      class: 'log-pattern',
      cell: ({ pattern, query, exampleId, example }) => (
        <span class="filter-value">
          <a href={hrefOf(exampleId)} title={`For example: ${example}`}>
            {splitPattern(pattern).map((piece, i) => (i % 2 === 1 ? <i key={i}>{piece}</i> : piece))}
            {pattern === '' && '(empty)'}
          </a>
          {query !== undefined && (
            <span class="filter-signs">
              <TermButtons term={query} onTerm={onTerm} />
            </span>
          )}
        </span>
      ),
    },
    { title: 'Entries', align: 'right', class: 'narrow', cell: ({ count }) => formatCount(count) },
    {
      title: 'Share',
      align: 'right',
      class: 'narrow wide-only',
      cell: ({ count }) => formatPercent(count / total),
    },
    { title: 'First', class: 'narrow wide-only', cell: ({ firstAt }) => <Time at={firstAt} /> },
    { title: 'Last', class: 'narrow wide-only', cell: ({ lastAt }) => <Time at={lastAt} /> },
  ]
  return (
    <>
      {patterns.length > 0 ? (
        <Table
          label="Patterns of messages"
          columns={columns}
          rows={patterns}
          rowKey={({ pattern }) => pattern}
        />
      ) : (
        <Empty title={total === 0 ? 'Nothing matches in this range.' : 'No entry has a message.'} />
      )}
      <Rest {...data} />
    </>
  )
}

/** What the counts do not say. */
function Rest({ total, without, others, margin, countedFrom }: LogPatterns) {
  return (
    <p class="log-summary-rest quiet" role="status">
      {plural(total, 'entry', 'entries')} counted
      <CountedFrom at={countedFrom} />.
      {without > 0 && <> {plural(without, 'entry', 'entries')} without a message.</>}
      {others > 0 && <> {plural(others, 'entry', 'entries')} of rarer patterns that are not listed.</>}
      {margin > 0 && (
        <>
          {' '}
          There are too many patterns to count each: a count may be too low by up to {formatCount(margin)}.
        </>
      )}
    </p>
  )
}
