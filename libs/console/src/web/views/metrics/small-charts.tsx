import type { ChartMark } from '../../parts/chart-marks.ts'
import { Chart } from '../../parts/chart.tsx'
import type { ChartSeries } from '../../parts/chart-series.ts'
import { summarise } from '../../parts/summarise.ts'

interface SmallChartsProps {
  readonly label: string
  readonly timesMs: readonly number[]
  readonly series: readonly ChartSeries[]
  readonly marks: readonly ChartMark[]
  readonly onZoom: (fromMs: number, toMs: number) => void
}

/** A small chart for each series, all on the same scale. */
export function SmallCharts({ label, timesMs, series, marks, onZoom }: SmallChartsProps) {
  const { least, most } = summarise(series.flatMap(({ values }) => values))
  const groups = Map.groupBy(series, ({ colorKey }) => colorKey)
  return (
    <div class="small-charts">
      {[...groups].map(([key, group]) => (
        <Chart
          key={key}
          label={`${label}: ${key}`}
          timesMs={timesMs}
          series={group}
          small
          span={least === null || most === null ? undefined : [least, most]}
          marks={marks}
          syncKey="metrics"
          onZoom={onZoom}
        />
      ))}
    </div>
  )
}
