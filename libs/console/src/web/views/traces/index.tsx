import { useQueryParams } from '../../data/use-query-params.ts'
import { useRange } from '../../data/use-range.ts'
import { Page } from '../../parts/page.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { TimeRangePicker } from '../../parts/time-range-picker.tsx'
import { ServiceTables } from './service-tables.tsx'
import { TraceSearch } from './trace-search.tsx'
import { TraceView } from './trace-view.tsx'
import './traces.css'

const TABS = [
  { id: 'search', label: 'Search' },
  { id: 'services', label: 'Services' },
]

/** Traces: a search, one of them as a waterfall, and what was counted of all. What is looked at is in the address. */
export default function Traces() {
  const query = useQueryParams()
  const { params, href } = query
  const times = useRange(query)
  const trace = params.get('trace')
  if (trace !== null) {
    return (
      <Page title="Trace" actions={<a href={href({ trace: null, span: null })}>All traces</a>}>
        <TraceView key={trace} id={trace} query={query} />
      </Page>
    )
  }
  const view = params.get('view') ?? 'search'
  return (
    <Page title="Traces" actions={<TimeRangePicker {...times} />}>
      <Tabs
        label="Traces"
        tabs={TABS}
        current={view}
        hrefOf={(id) => href({ view: id === 'search' ? null : id, cursor: null })}
      />
      {view === 'services' ? (
        <ServiceTables query={query} range={times.range} />
      ) : (
        <TraceSearch query={query} range={times.range} />
      )}
    </Page>
  )
}
