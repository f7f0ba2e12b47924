import type uPlot from 'uplot'
import { formatValue } from '../format/number.ts'
import { formatTick } from '../format/time.ts'
import type { ChartTheme } from './chart-theme.ts'

export interface ChartSetup {
  readonly labels: readonly string[]
  readonly theme: ChartTheme
  readonly width: number
  readonly height: number
  /** Charts with the same one show the same moment. */
  readonly syncKey: string | undefined
  /** Called with the index of the point that is pointed at; null for none. */
  readonly onHover: (index: number | null) => void
  /** Called with seconds since 1970. */
  readonly onZoom: (from: number, to: number) => void
}

/** Options of one time chart. Its legend is ours; null is a gap. */
export function chartOptions(setup: ChartSetup): uPlot.Options {
  const { theme, width, height, syncKey, labels } = setup
  return {
    width,
    height,
    legend: { show: false },
    padding: [10, 20, 0, 0],
    cursor: {
      points: { size: 7 },
      drag: { x: true, y: false, setScale: false },
      ...(syncKey !== undefined && { sync: { key: syncKey } }),
    },
    scales: { x: { time: true } },
    axes: [timeAxis(theme), valueAxis(theme)],
    series: [{}, ...labels.map((label, i) => series(label, i, theme))],
    hooks: {
      setCursor: [(chart) => setup.onHover(chart.cursor.idx ?? null)],
      setSelect: [(chart) => zoomToSelection(chart, setup.onZoom)],
    },
  }
}

function series(label: string, index: number, theme: ChartTheme): uPlot.Series {
  return {
    label,
    stroke: theme.series[index % theme.series.length]!,
    width: 1.75,
    spanGaps: false,
    points: { size: 4 },
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

function valueAxis(theme: ChartTheme): uPlot.Axis {
  return {
    stroke: theme.ink,
    font: '12px system-ui, sans-serif',
    grid: { stroke: theme.line, width: 1 },
    ticks: { show: false },
    gap: 8,
    size: (_chart, values) => 20 + 7 * Math.max(3, ...(values ?? []).map((text) => text.length)),
    values: (_chart, values) => values.map(formatValue),
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
