import { seriesColor } from './series-color.ts'

export interface ChartSeries {
  readonly label: string
  /** What its colour is made of: the same in every chart. */
  readonly colorKey: string
  /** Shown with its values; series of one unit share an axis. */
  readonly unit: string | null
  /** One value per time; null is a gap, undefined nothing that its neighbours would not be joined across. */
  readonly values: readonly (number | null | undefined)[]
  /** Of the time before, beside that which is looked at. */
  readonly isEarlier?: boolean
}

/** How a series is drawn. */
export interface SeriesStyle {
  /** Number of a colour in the style sheet. */
  readonly color: number
  /** Lengths of dashes and gaps; empty for a line without gaps. */
  readonly dash: readonly number[]
}

/** Series of one colour differ by their dashes. */
const DASHES = [[], [8, 4], [2, 3], [12, 3, 2, 3]] as const
const EARLIER_DASH = [2, 4] as const

/** @param series of one chart */
export function styleSeries(series: readonly ChartSeries[]): SeriesStyle[] {
  const used = new Map<number, number>()
  return series.map(({ colorKey, isEarlier }) => {
    const color = seriesColor(colorKey)
    if (isEarlier) return { color, dash: EARLIER_DASH }
    const before = used.get(color) ?? 0
    used.set(color, before + 1)
    return { color, dash: DASHES[before % DASHES.length]! }
  })
}
