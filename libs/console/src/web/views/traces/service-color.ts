import { seriesColor } from '../../parts/series-color.ts'

/** The colour of a service: the same on every page, and in charts that are grouped by it. */
export function serviceColor(service: string): string {
  return `var(--series-${seriesColor(`service=${service}`)})`
}
