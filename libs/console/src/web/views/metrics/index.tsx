import { getMetricNames } from '../../api/metrics.ts'
import { readFamily } from '../../data/family-params.ts'
import { useQueryParams } from '../../data/use-query-params.ts'
import { useRange } from '../../data/use-range.ts'
import { useResource } from '../../data/use-resource.ts'
import { Empty } from '../../parts/empty.tsx'
import { FilterChips } from '../../parts/filter-chips.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { TimeRangePicker } from '../../parts/time-range-picker.tsx'
import { MetricCard } from './metric-card.tsx'
import { MetricControls } from './metric-controls.tsx'
import { MetricNames } from './metric-names.tsx'
import { readLayout, readNames, toggleName } from './metrics-query.ts'
import { Select } from '../../parts/select.tsx'
import './metrics.css'

const OPTIONS = [
  { value: '', label: 'Refresh: off' },
  { value: '5', label: 'Every 5 s' },
  { value: '15', label: 'Every 15 s' },
  { value: '60', label: 'Every minute' },
]

/** The parameter `refresh` of an address, in milliseconds; undefined for off. */
function readRefreshMs(params: URLSearchParams): number | undefined {
  const value = params.get('refresh')
  return OPTIONS.some((option) => option.value === value) && value ? Number(value) * 1000 : undefined
}

/** How often a view reads again by itself. */
function RefreshSelect({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return <Select label="Refresh" value={value} options={OPTIONS} onChange={onChange} />
}

/** Charts of metrics. Which ones, and how, is in the address. */
export default function Metrics() {
  const query = useQueryParams()
  const { params, change } = query
  const times = useRange(query)
  const refreshMs = readRefreshMs(params)
  const names = useResource('names', getMetricNames, { refreshMs })
  const asked = readNames(params)
  // Without a choice the first one stands for all, so that there is something to see.
  const chosen = asked.length > 0 ? asked : (names.data?.items ?? []).slice(0, 1).map(({ name }) => name)
  const known = new Map(names.data?.items.map((item) => [item.name, item]))
  const metrics = chosen.map((name) => known.get(name) ?? { name })
  const layout = readLayout(params)
  const toggle = (name: string) => change({ name: toggleName(chosen, name) })
  const tags = readFamily(params, 'tag').map(([name, value]) => ({
    param: `tag.${name}`,
    label: `${name} = ${value}`,
  }))
  return (
    <Page
      title="Metrics"
      actions={
        <>
          <RefreshSelect value={params.get('refresh') ?? ''} onChange={(refresh) => change({ refresh })} />
          <TimeRangePicker {...times} />
        </>
      }
    >
      <Loaded resource={names}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <NoMetrics />
          ) : (
            <div class="metrics">
              <MetricNames names={items} more={nextCursor !== null} chosen={chosen} onToggle={toggle} />
              <div>
                <MetricControls query={query} name={chosen[0]} />
                <FilterChips filters={tags} onRemove={(param) => change({ [param]: null })} />
                {(layout === 'together' ? [metrics] : metrics.map((metric) => [metric])).map((shown) => (
                  <MetricCard
                    key={layout === 'together' ? layout : shown[0]!.name}
                    metrics={shown}
                    params={params}
                    layout={layout}
                    times={times}
                    refreshMs={refreshMs}
                    onRemove={
                      shown.length === 1 && chosen.length > 1 ? () => toggle(shown[0]!.name) : undefined
                    }
                  />
                ))}
              </div>
            </div>
          )
        }
      </Loaded>
    </Page>
  )
}

function NoMetrics() {
  return (
    <Empty title="There are no metrics yet.">
      They appear here once they are posted to <code>/api/v1/metrics</code> of the ingest API.
    </Empty>
  )
}
