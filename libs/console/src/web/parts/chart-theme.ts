/** What a canvas has to know of the style sheet. */
export interface ChartTheme {
  readonly ink: string
  readonly line: string
  /** Colours of series, in their order; they come again where there are more series. */
  readonly series: readonly string[]
}

const SERIES_COLOURS = 8

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
  const series = Array.from({ length: SERIES_COLOURS }, (_, i) => colour(`--series-${i + 1}`))
  const theme = { ink: colour('--quiet'), line: colour('--line'), series }
  probe.remove()
  return theme
}
