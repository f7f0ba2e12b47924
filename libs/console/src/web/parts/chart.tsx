import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { ChartLegend } from './chart-legend.tsx'
import type { ChartMark } from './chart-marks.ts'
import { chartOptions } from './chart-options.ts'
import type { ChartSeries } from './chart-series.ts'
import { watchTheme } from '../theme/theme.ts'
import { readChartTheme } from './chart-theme.ts'
import 'uplot/dist/uPlot.min.css'

const NO_MARKS: readonly ChartMark[] = []

interface ChartProps {
  /** What it shows, for who cannot see it. */
  readonly label: string
  /** Ascending, in ms since 1970. */
  readonly timesMs: readonly number[]
  readonly series: readonly ChartSeries[]
  readonly height?: number
  /** A legend that names the values alone, for small charts. */
  readonly small?: boolean
  /** What the values reach at least, so that several charts compare. */
  readonly span?: readonly [least: number, most: number] | undefined
  readonly marks?: readonly ChartMark[] | undefined
  readonly syncKey?: string
  readonly onZoom?: ((fromMs: number, toMs: number) => void) | undefined
}

/** Values over time. Follows the width of its frame and the colour scheme; dragging zooms; the legend shows values. */
export function Chart(props: ChartProps) {
  const { label, timesMs, series, small = false, height = small ? 120 : 240, span, marks = NO_MARKS } = props
  const { syncKey, onZoom } = props
  const frame = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot>(null)
  const [hover, setHover] = useState<number | null>(null)
  const theme = useTheme()
  const zoom = useRef(onZoom)
  zoom.current = onZoom
  const shownMarks = useRef(marks)
  shownMarks.current = marks
  const data = [timesMs.map((ms) => ms / 1000), ...series.map((one) => one.values)] as uPlot.AlignedData

  useEffect(() => {
    const { current: element } = frame
    if (!element) return
    const made = new uPlot(
      chartOptions({
        series,
        theme: readChartTheme(),
        width: element.clientWidth,
        height,
        span,
        syncKey,
        marks: () => shownMarks.current,
        onHover: setHover,
        onZoom: (from, to) => zoom.current?.(Math.floor(from * 1000), Math.ceil(to * 1000)),
      }),
      data,
      element,
    )
    chart.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
    }
  }, [lookOf(series, span), theme, height, syncKey])

  useEffect(() => chart.current?.setData(data), [timesMs, series])

  useEffect(() => chart.current?.redraw(false), [marks])

  return (
    <figure class="chart">
      <div class="chart-plot" ref={frame} role="img" aria-label={label} />
      <ChartLegend timesMs={timesMs} series={series} hover={hover} summary={!small} />
    </figure>
  )
}

/** What has to be the same for a chart to be kept when its values change. */
function lookOf(series: readonly ChartSeries[], span: ChartProps['span']): string {
  return JSON.stringify([series.map(({ values: _values, ...rest }) => rest), span])
}

/** A number that changes when light turns to dark or back. */
function useTheme(): number {
  const [turn, setTurn] = useState(0)
  useEffect(() => watchTheme(() => setTurn((n) => n + 1)), [])
  return turn
}
