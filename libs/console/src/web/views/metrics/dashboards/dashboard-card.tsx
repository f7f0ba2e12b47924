import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import type { DashboardChart } from '../../../api/dashboards.ts'
import type { MetricName } from '../../../api/metrics.ts'
import { changeQuery, hrefOf } from '../../../data/change-query.ts'
import type { RangeControls } from '../../../data/use-range.ts'
import type { Mark } from '../marks/to-marks.ts'
import { MetricCard } from '../metric-card.tsx'
import { METRICS } from '../metrics-path.ts'
import { readLayout } from '../metrics-query.ts'
import { titleOf, toChartParams } from './chart-params.ts'

export interface DashboardCardProps {
  readonly chart: DashboardChart
  /** What is known of metrics, by their names. */
  readonly known: ReadonlyMap<string, MetricName>
  /** Of the address: its range goes along to where a metric is explored. */
  readonly params: URLSearchParams
  readonly times: RangeControls
  readonly refreshMs: number | undefined
  readonly marks: readonly Mark[]
  /** In place of a link to where it is explored. */
  readonly title?: ComponentChildren
  readonly actions?: ComponentChildren
}

/** What goes along. */
const RANGE = ['range', 'from', 'to', 'marks'] as const

/** A chart of a dashboard; its title leads to where it is explored. */
export function DashboardCard(props: DashboardCardProps) {
  const { chart, known, params, times, refreshMs, marks } = props
  const chartParams = useMemo(() => toChartParams(chart), [chart])
  const range = Object.fromEntries(RANGE.map((name) => [name, params.get(name)]))
  const layout = readLayout(chartParams)
  return (
    <MetricCard
      metrics={chart.metrics.map((name) => known.get(name) ?? { name })}
      params={chartParams}
      // What stands alone is together with itself.
      layout={layout === 'each' ? 'together' : layout}
      times={times}
      refreshMs={refreshMs}
      marks={marks}
      title={props.title ?? <a href={hrefOf(METRICS, changeQuery(chartParams, range))}>{titleOf(chart)}</a>}
      actions={props.actions}
    />
  )
}
