import type uPlot from 'uplot'
import type { ChartTheme } from './chart-theme.ts'

/** A moment or a stretch of time that a chart points out. */
export interface ChartMark {
  /** Stands at its top. */
  readonly label: string
  readonly atMs: number
  /** Where it ends, for what takes time. */
  readonly untilMs?: number | undefined
}

const LINE_DASH = [3, 3]
const BAND_ALPHA = 0.07

/** Draws marks over a chart: a line where each begins, with its label, and a band up to its end. */
export function drawMarks(chart: uPlot, marks: readonly ChartMark[], theme: ChartTheme): void {
  const { ctx, bbox } = chart
  const { min, max } = chart.scales['x']!
  if (min == null || max == null) return
  ctx.save()
  ctx.strokeStyle = theme.ink
  ctx.fillStyle = theme.ink
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`
  ctx.textAlign = 'center'
  ctx.lineWidth = devicePixelRatio
  for (const { label, atMs, untilMs = atMs } of marks) {
    const [from, until] = [atMs / 1000, untilMs / 1000]
    if (until < min || from > max) continue
    const left = chart.valToPos(Math.max(from, min), 'x', true)
    const right = chart.valToPos(Math.min(until, max), 'x', true)
    ctx.globalAlpha = BAND_ALPHA
    if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height)
    ctx.globalAlpha = 1
    if (from < min) continue
    ctx.setLineDash(LINE_DASH.map((length) => length * devicePixelRatio))
    ctx.beginPath()
    ctx.moveTo(left, bbox.top)
    ctx.lineTo(left, bbox.top + bbox.height)
    ctx.stroke()
    ctx.fillText(label, left, bbox.top - 2 * devicePixelRatio)
  }
  ctx.restore()
}
