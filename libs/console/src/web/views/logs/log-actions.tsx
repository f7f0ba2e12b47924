import { exportUrl } from '../../api/logs.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import type { RangeControls } from '../../data/use-range.ts'
import { ExportMenu } from '../../parts/export-menu.tsx'
import { TimeRangePicker } from '../../parts/time-range-picker.tsx'
import { exportColumns } from './columns-param.ts'
import { searchParams } from './logs-query.ts'
import { SavedSearches } from './saved-searches.tsx'
import { SummaryMenu } from './summary-menu.tsx'

interface LogActionsProps {
  readonly query: QueryParams
  readonly live: boolean
  /** Long messages go on over several lines. */
  readonly wraps: boolean
  readonly times: RangeControls
}

/** What can be done with the whole of what is shown. */
export function LogActions({ query, live, wraps, times }: LogActionsProps) {
  const { params, change } = query
  const { range } = times
  return (
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
        class="wide-only"
        aria-pressed={wraps}
        onClick={() => change({ wrap: wraps ? null : '1' })}
      >
        Wrap lines
      </button>
      <SavedSearches query={query} />
      <SummaryMenu query={query} />
      <ExportMenu
        name="logs"
        formats={['ndjson', 'csv']}
        hint={exportColumns(params).length > 0 ? 'With the columns that are shown.' : undefined}
        hrefOf={(format) => exportUrl(format, searchParams(params, range, Date.now()), exportColumns(params))}
      />
      <TimeRangePicker {...times} />
    </>
  )
}
