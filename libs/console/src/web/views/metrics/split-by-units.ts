import type { ChartSeries } from '../../parts/chart-series.ts'

/** Units of a chart: it has an axis on either side. */
const MAX_UNITS = 2

/** Series by the charts that they go into: no more units in one than it has axes. Their order stays. */
export function splitByUnits(series: readonly ChartSeries[]): ChartSeries[][] {
  const units = [...new Set(series.map(({ unit }) => unit))]
  const charts = Map.groupBy(series, ({ unit }) => Math.floor(units.indexOf(unit) / MAX_UNITS))
  return [...charts.values()]
}
