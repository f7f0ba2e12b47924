import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import type { MetricName } from '../../api/metrics.ts'
import type { RangeControls } from '../../data/use-range.ts'
import { formatDuration } from '../../format/duration.ts'
import { Card } from '../../parts/card.tsx'
import { Chart } from '../../parts/chart.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { NewestHint } from '../../parts/newest-hint.tsx'
import type { Layout } from './metrics-query.ts'
import type { Mark } from './marks/to-marks.ts'
import { SmallCharts } from './small-charts.tsx'
import { splitByUnits } from './split-by-units.ts'
import { toChart } from './to-chart.ts'
import { useSeries, type LoadedSeries } from './use-series.ts'

interface MetricCardProps {
  /** What is known of the metrics that it shows; by name alone where that is nothing. */
  readonly metrics: readonly (Pick<MetricName, 'name'> & Partial<MetricName>)[]
  readonly params: URLSearchParams
  readonly layout: Layout
  readonly times: RangeControls
  readonly refreshMs: number | undefined
  /** What is pointed out, by its place in the list from 1 on. */
  readonly marks: readonly Mark[]
  /** Default: the names of the metrics. */
  readonly title?: ComponentChildren
  /** Beside the title: what one may do with it. */
  readonly actions?: ComponentChildren
}

/** Metrics over time: one, or several together. */
export function MetricCard(props: MetricCardProps) {
  const { metrics, params, layout, times, refreshMs, marks, actions } = props
  const names = metrics.map(({ name }) => name)
  const series = useSeries({ names, params, range: times.range }, refreshMs)
  const steps = new Set((series.data ?? []).map(({ answer }) => formatDuration(answer.stepMs)))
  const units = new Set(metrics.flatMap(({ unit }) => unit ?? []))
  const details = [...units, steps.size > 0 && `step ${[...steps].join(', ')}`]
  return (
    <Card
      title={
        <>
          {props.title ?? names.join(', ')} <span class="quiet">{details.filter(Boolean).join(' · ')}</span>
        </>
      }
      actions={actions}
    >
      <Loaded resource={series}>
        {(loaded) => <Charts loaded={loaded} metrics={metrics} layout={layout} times={times} marks={marks} />}
      </Loaded>
    </Card>
  )
}

type ChartsProps = Pick<MetricCardProps, 'metrics' | 'layout' | 'times' | 'marks'> & {
  readonly loaded: readonly LoadedSeries[]
}

function Charts({ loaded, metrics, layout, times, marks }: ChartsProps) {
  const { timesMs, series, isEmpty } = useMemo(
    () => toChart(loaded.map((one) => toPart(one, metrics))),
    [loaded],
  )
  const groups = useMemo(() => splitByUnits(series), [series])
  const numbered = useMemo(
    () => marks.map(({ atMs, untilMs }, i) => ({ label: String(i + 1), atMs, untilMs })),
    [marks],
  )
  if (isEmpty) return <NothingMeasured metrics={metrics} times={times} />
  const label = `${metrics.map(({ name }) => name).join(', ')} over time`
  return (
    <>
      {layout === 'small' ? (
        <SmallCharts
          label={label}
          timesMs={timesMs}
          series={series}
          marks={numbered}
          onZoom={times.onFixed}
        />
      ) : (
        groups.map((group, i) => (
          <Chart
            key={i}
            label={label}
            timesMs={timesMs}
            series={group}
            marks={numbered}
            syncKey="metrics"
            onZoom={times.onFixed}
          />
        ))
      )}
      {loaded.some(({ answer }) => answer.truncated) && (
        <p class="quiet">The tag has more values than the chart shows.</p>
      )}
    </>
  )
}

function toPart({ request, answer }: LoadedSeries, metrics: MetricCardProps['metrics']) {
  const { name, agg, earlier } = request
  return {
    answer,
    unit: metrics.find((metric) => metric.name === name)?.unit ?? null,
    prefix: [metrics.length > 1 && name, agg].filter(Boolean).join(' · '),
    ...(earlier && { earlierMs: earlier.ms, earlierLabel: earlier.label }),
  }
}

function NothingMeasured({ metrics, times }: Pick<ChartsProps, 'metrics' | 'times'>) {
  const newest = metrics.flatMap(({ occurredAt }) => occurredAt ?? []).sort()
  return (
    <Empty title="Nothing was measured in this range.">
      <NewestHint what="value" at={newest.at(-1)} times={times} />
    </Empty>
  )
}
