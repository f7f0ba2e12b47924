import { getLogPatterns } from '../../api/logs.ts'
import type { TimeRange } from '../../data/time-range.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { useResource } from '../../data/use-resource.ts'
import { Card } from '../../parts/card.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { LogPatternsTable } from './log-patterns-table.tsx'
import { searchParams } from './logs-query.ts'

interface LogPatternsCardProps {
  readonly query: QueryParams
  readonly range: TimeRange
  /** Adds a condition to the query. */
  readonly onTerm: (term: string) => void
}

/** What the messages that the search finds have in common, where the address asks for it. */
export function LogPatternsCard({ query: { params, change, href }, range, onTerm }: LogPatternsCardProps) {
  const key = params.has('patterns') ? JSON.stringify(searchParams(params, range, 0)) : undefined
  const patterns = useResource(key, (signal) =>
    getLogPatterns(searchParams(params, range, Date.now()), signal),
  )
  if (key === undefined) return null
  const current: typeof patterns = patterns.dataKey === key ? patterns : { ...patterns, data: undefined }
  return (
    <Card
      class="log-summary"
      title="Patterns of messages"
      actions={
        <button
          type="button"
          class="plain"
          aria-label="Close the patterns"
          onClick={() => change({ patterns: null })}
        >
          ✕
        </button>
      }
    >
      <Loaded resource={current}>
        {(data) => <LogPatternsTable patterns={data} onTerm={onTerm} hrefOf={(entry) => href({ entry })} />}
      </Loaded>
    </Card>
  )
}
