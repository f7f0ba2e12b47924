import { getMetricNames } from '../../api/metrics.ts'
import { readFamily } from '../../data/family-params.ts'
import { useQueryParams } from '../../data/use-query-params.ts'
import { useRange } from '../../data/use-range.ts'
import { useResource } from '../../data/use-resource.ts'
import { Empty } from '../../parts/empty.tsx'
import { FilterChips } from '../../parts/filter-chips.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { readRefreshMs, RefreshSelect } from '../../parts/refresh-select.tsx'
import { TimeRangePicker } from '../../parts/time-range-picker.tsx'
import { MetricCard } from './metric-card.tsx'
import { MetricControls } from './metric-controls.tsx'
import { MetricNames } from './metric-names.tsx'
import { readNames, toggleName } from './metrics-query.ts'
import './metrics.css'

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
  const unitOf = (name: string) => names.data?.items.find((item) => item.name === name)?.unit ?? null
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
          {times.onReset && (
            <button type="button" onClick={times.onReset}>
              Reset zoom
            </button>
          )}
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
                {chosen.map((name) => (
                  <MetricCard
                    key={name}
                    name={name}
                    unit={unitOf(name)}
                    params={params}
                    range={times.range}
                    refreshMs={refreshMs}
                    onZoom={times.onFixed}
                    onRemove={chosen.length > 1 ? () => toggle(name) : undefined}
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
