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
import { toDashboardChart } from './dashboards/chart-params.ts'
import { PinButton } from './dashboards/pin-button.tsx'
import { readMarkKinds } from './marks/mark-choice.ts'
import { MarkList } from './marks/mark-list.tsx'
import { MarkSelect } from './marks/mark-select.tsx'
import { NO_MARKS, useMarks } from './marks/use-marks.ts'
import { MetricCard } from './metric-card.tsx'
import { MetricControls } from './metric-controls.tsx'
import { MetricNames } from './metric-names.tsx'
import { readLayout, readNames, toggleName, type Layout } from './metrics-query.ts'
import { MetricsTabs } from './metrics-tabs.tsx'
import { readRefreshMs, RefreshSelect } from './refresh-select.tsx'

/** Charts of metrics. Which ones, and how, is in the address. */
export function MetricExplorer() {
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
  const kinds = readMarkKinds(params)
  const marks = useMarks(kinds, times.range, refreshMs)
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
          <MarkSelect query={query} />
          <RefreshSelect value={params.get('refresh') ?? ''} onChange={(refresh) => change({ refresh })} />
          <TimeRangePicker {...times} />
        </>
      }
    >
      <MetricsTabs current="explore" />
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
                {kinds.length > 0 && <MarkList resource={marks} />}
                {(layout === 'together' ? [metrics] : metrics.map((metric) => [metric])).map((shown) => (
                  <MetricCard
                    key={layout === 'together' ? layout : shown[0]!.name}
                    metrics={shown}
                    params={params}
                    layout={layout}
                    times={times}
                    refreshMs={refreshMs}
                    marks={marks.data?.marks ?? NO_MARKS}
                    actions={
                      <CardActions
                        params={params}
                        names={shown.map(({ name }) => name)}
                        layout={layout}
                        onRemove={
                          shown.length === 1 && chosen.length > 1 ? () => toggle(shown[0]!.name) : undefined
                        }
                      />
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

interface CardActionsProps {
  readonly params: URLSearchParams
  readonly names: readonly string[]
  readonly layout: Layout
  readonly onRemove: (() => void) | undefined
}

function CardActions({ params, names, layout, onRemove }: CardActionsProps) {
  return (
    <>
      <PinButton chart={toDashboardChart(params, names, layout, '')} />
      {onRemove && (
        <button type="button" class="plain" aria-label={`Remove ${names.join(', ')}`} onClick={onRemove}>
          ✕
        </button>
      )}
    </>
  )
}

function NoMetrics() {
  return (
    <Empty title="There are no metrics yet.">
      They appear here once they are posted to <code>/api/v1/metrics</code> of the ingest API.
    </Empty>
  )
}
