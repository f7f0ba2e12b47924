import uPlot from 'uplot'
import { formatWithUnit, isBytes } from '../format/with-unit.ts'
import { formatTick } from '../format/time.ts'
import { currentZone } from '../format/zone.ts'
import { styleSeries, type ChartSeries, type SeriesStyle } from './chart-series.ts'
import { drawMarks, type ChartMark } from './chart-marks.ts'
import type { ChartTheme } from './chart-theme.ts'
import { lonePoints } from './lone-points.ts'

export interface ChartSetup {
  readonly series: readonly ChartSeries[]
  readonly theme: ChartTheme
  readonly width: number
  readonly height: number
  /** Charts with the same one show the same moment. */
  readonly syncKey: string | undefined
  /** What the values reach at least; by default the chart shows no more than they do. */
  readonly span?: readonly [least: number, most: number] | undefined
  /** Called with the index of the point that is pointed at; null for none. */
  readonly onHover: (index: number | null) => void
  /** Called with seconds since 1970. */
  readonly onZoom: (from: number, to: number) => void
  /** What is pointed out at the moment. */
  readonly marks: () => readonly ChartMark[]
}

/** Options of one time chart. Its legend is ours; null is a gap. */
export function chartOptions(setup: ChartSetup): uPlot.Options {
  const { theme, width, height, syncKey, series, span } = setup
  const units = [...new Set(series.map(({ unit }) => unit))]
  const styles = styleSeries(series)
  const range: uPlot.Range.Function | undefined =
    span &&
    ((_chart, least, most) => uPlot.rangeNum(Math.min(span[0], least), Math.max(span[1], most), 0.1, true))
  return {
    width,
    height,
    legend: { show: false },
    padding: [14, units.length > 1 ? 0 : 28, 0, 0],
    tzDate: toWallDate,
    cursor: {
      points: { size: 7 },
      drag: { x: true, y: false, setScale: false },
      ...(syncKey !== undefined && { sync: { key: syncKey } }),
    },
    scales: {
      x: { time: true },
      ...Object.fromEntries(units.map((_, i) => [scaleOf(i), range ? { range } : {}])),
    },
    axes: [timeAxis(theme), ...units.map((unit, i) => valueAxis(theme, unit, i))],
    series: [{}, ...series.map((one, i) => line(one, styles[i]!, units.indexOf(one.unit), theme))],
    hooks: {
      setCursor: [(chart) => setup.onHover(chart.cursor.idx ?? null)],
      setSelect: [(chart) => zoomToSelection(chart, setup.onZoom)],
      draw: [(chart) => drawMarks(chart, setup.marks(), theme)],
    },
  }
}

/** For round ticks: a date whose parts are what clocks of the reader's zone show. */
function toWallDate(seconds: number): Date {
  const [date, zone] = [new Date(seconds * 1000), currentZone()]
  return zone === undefined ? date : uPlot.tzDate(date, zone)
}

/** Each unit has a scale of its own. */
function scaleOf(unit: number): string {
  return unit === 0 ? 'y' : `y${unit}`
}

function line(series: ChartSeries, style: SeriesStyle, unit: number, theme: ChartTheme): uPlot.Series {
  const stroke = theme.series[style.color - 1]!
  return {
    label: series.label,
    scale: scaleOf(unit),
    stroke,
    width: series.isEarlier ? 1.25 : 1.75,
    dash: [...style.dash],
    alpha: series.isEarlier ? 0.75 : 1,
    spanGaps: false,
    points: {
      size: 5,
      fill: stroke,
      // All of them where there is room, else those that no line leads to.
      filter: (chart, index, shown) => (shown ? null : lonePoints(chart.data[index] as number[])),
    },
  }
}

function timeAxis(theme: ChartTheme): uPlot.Axis {
  return {
    stroke: theme.ink,
    font: '12px system-ui, sans-serif',
    grid: { show: false },
    ticks: { stroke: theme.line, size: 5 },
    space: 70,
    size: 30,
    values: (_chart, times, _axis, _space, stepSeconds) =>
      times.map((time) => formatTick(time * 1000, stepSeconds * 1000)),
  }
}

/** Up to where a double counts in ones. */
const POWERS_OF_TWO = Array.from({ length: 53 }, (_, power) => 2 ** power)

/** The first stands on the left, further ones on the right. */
function valueAxis(theme: ChartTheme, unit: string | null, index: number): uPlot.Axis {
  return {
    scale: scaleOf(index),
    side: index === 0 ? 3 : 1,
    stroke: theme.ink,
    font: '12px system-ui, sans-serif',
    grid: { show: index === 0, stroke: theme.line, width: 1 },
    ticks: { show: false },
    ...(isBytes(unit) && { incrs: POWERS_OF_TWO }),
    gap: 8,
    size: (_chart, values) => 20 + 7 * Math.max(3, ...(values ?? []).map((text) => text.length)),
    values: (_chart, values) => values.map((value) => formatWithUnit(value, unit)),
  }
}

/** Fewer pixels than this are a click. */
const LEAST_DRAG = 4

function zoomToSelection(chart: uPlot, onZoom: (from: number, to: number) => void): void {
  const { left, width } = chart.select
  if (width < LEAST_DRAG) return
  const [from, to] = [chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')]
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
  onZoom(from, to)
}
