import { formatValue } from '../format/number.ts'
import { formatDateTime } from '../format/time.ts'

export interface ChartSeries {
  readonly label: string
  /** One value per time; null where a series has no value. */
  readonly values: readonly (number | null)[]
}

interface ChartLegendProps {
  readonly timesMs: readonly number[]
  readonly series: readonly ChartSeries[]
  /** Which point is pointed at; null shows the last values. */
  readonly hover: number | null
}

/** Names and colours of the series, with their values where the pointer is. */
export function ChartLegend({ timesMs, series, hover }: ChartLegendProps) {
  const atMs = hover === null ? undefined : timesMs[hover]
  return (
    <figcaption class="legend">
      <span class="legend-title">{atMs === undefined ? 'Last' : formatDateTime(atMs)}</span>
      {series.map(({ label, values }, i) => (
        <span key={label}>
          <i class={`dot series-${(i % 8) + 1}`} aria-hidden="true" />
          {label} <b>{formatValue(atMs === undefined ? lastOf(values) : values[hover!])}</b>
        </span>
      ))}
    </figcaption>
  )
}

function lastOf(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null
}
