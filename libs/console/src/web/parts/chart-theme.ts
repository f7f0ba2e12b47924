import { SERIES_COLORS } from './series-color.ts'

/** What a canvas has to know of the style sheet. */
export interface ChartTheme {
  readonly ink: string
  readonly line: string
  /** Colours of series, by their numbers from 1 on less one. */
  readonly series: readonly string[]
}

/** Reads the colours that hold now: light or dark. */
export function readChartTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement)
  const probe = document.createElement('i')
  document.body.append(probe)
  // Only the computed colour of an element has light-dark() resolved.
  const colour = (name: string) => {
    probe.style.color = style.getPropertyValue(name)
    return getComputedStyle(probe).color
  }
  const series = Array.from({ length: SERIES_COLORS }, (_, i) => colour(`--series-${i + 1}`))
  const theme = { ink: colour('--quiet'), line: colour('--line'), series }
  probe.remove()
  return theme
}
