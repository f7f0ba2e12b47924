import { formatDateTime } from '../format/time.ts'
import { formatWithUnit } from '../format/with-unit.ts'
import { styleSeries, type ChartSeries, type SeriesStyle } from './chart-series.ts'
import { classNames } from './class-names.ts'
import { summarise } from './summarise.ts'

interface ChartLegendProps {
  readonly timesMs: readonly number[]
  readonly series: readonly ChartSeries[]
  /** Which point is pointed at; null shows the last values. */
  readonly hover: number | null
  /** With what the values come to, not only with the one that is pointed at. */
  readonly summary: boolean
}

/** Names and colours of the series, with their values where the pointer is, or the last ones. */
export function ChartLegend({ timesMs, series, hover, summary }: ChartLegendProps) {
  const atMs = hover === null ? undefined : timesMs[hover]
  const styles = styleSeries(series)
  return (
    <figcaption>
      <table class="chart-legend">
        <thead>
          <tr>
            <th scope="col">{atMs === undefined ? 'Series' : formatDateTime(atMs)}</th>
            <th scope="col">{atMs === undefined ? 'Last' : 'Value'}</th>
            {summary && (
              <>
                <th scope="col">Min</th>
                <th scope="col" class="wide-only">
                  Avg
                </th>
                <th scope="col">Max</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {series.map((one, i) => (
            <LegendRow
              key={one.label}
              series={one}
              style={styles[i]!}
              at={atMs === undefined ? null : hover}
              summary={summary}
            />
          ))}
        </tbody>
      </table>
    </figcaption>
  )
}

interface LegendRowProps {
  readonly series: ChartSeries
  readonly style: SeriesStyle
  /** Index of the value to show; null for the last one. */
  readonly at: number | null
  readonly summary: boolean
}

function LegendRow({ series: { label, unit, values, isEarlier }, style, at, summary }: LegendRowProps) {
  const { last, least, mean, most } = summarise(values)
  const text = (value: number | null | undefined) => formatWithUnit(value, unit)
  const shape = isEarlier ? 'earlier' : style.dash.length > 0 && 'dashed'
  return (
    <tr>
      <td>
        <i class={classNames('line', `series-${style.color}`, shape)} aria-hidden="true" />
        {label}
      </td>
      <td>{text(at === null ? last : values[at])}</td>
      {summary && (
        <>
          <td>{text(least)}</td>
          <td class="wide-only">{text(mean)}</td>
          <td>{text(most)}</td>
        </>
      )}
    </tr>
  )
}
