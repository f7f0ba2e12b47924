import { useMemo } from 'preact/hooks'
import { getMetricSeries, type MetricSeries } from '../../api/metrics.ts'
import type { TimeRange } from '../../data/time-range.ts'
import { useResource } from '../../data/use-resource.ts'
import { formatDuration } from '../../format/duration.ts'
import { Card } from '../../parts/card.tsx'
import { Chart } from '../../parts/chart.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { seriesParams } from './metrics-query.ts'
import { toChart } from './to-chart.ts'

interface MetricCardProps {
  readonly name: string
  readonly unit: string | null
  readonly params: URLSearchParams
  readonly range: TimeRange
  readonly refreshMs: number | undefined
  readonly onZoom: (fromMs: number, toMs: number) => void
  readonly onRemove?: (() => void) | undefined
}

/** One metric over time. */
export function MetricCard({ name, unit, params, range, refreshMs, onZoom, onRemove }: MetricCardProps) {
  // At a fixed moment: the key is what was asked for, not when.
  const key = JSON.stringify(seriesParams(params, name, range, 0))
  const series = useResource(
    key,
    (signal) => getMetricSeries(seriesParams(params, name, range, Date.now()), signal),
    { refreshMs },
  )
  const step = series.data && `step ${formatDuration(series.data.stepMs)}`
  return (
    <Card
      title={
        <>
          {name} <span class="quiet">{[unit, step].filter(Boolean).join(' · ')}</span>
        </>
      }
      actions={
        onRemove && (
          <button type="button" class="plain" aria-label={`Remove ${name}`} onClick={onRemove}>
            ✕
          </button>
        )
      }
    >
      <Loaded resource={series}>{(data) => <SeriesChart data={data} onZoom={onZoom} />}</Loaded>
    </Card>
  )
}

function SeriesChart({ data, onZoom }: { data: MetricSeries; onZoom: MetricCardProps['onZoom'] }) {
  const { timesMs, series, isEmpty } = useMemo(() => toChart(data), [data])
  if (isEmpty) return <Empty title="Nothing was measured in this range.">Try a longer one.</Empty>
  return (
    <>
      <Chart
        label={`${data.name} over time`}
        timesMs={timesMs}
        series={series}
        syncKey="metrics"
        onZoom={onZoom}
      />
      {data.truncated && <p class="quiet">The tag has more values than the chart shows.</p>}
    </>
  )
}
