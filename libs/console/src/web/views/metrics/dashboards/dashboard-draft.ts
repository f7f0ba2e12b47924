import type { Dashboard, DashboardChart } from '../../../api/dashboards.ts'

/** A chart with a name of its own, so that it stays the same where it is moved. */
export interface KeyedChart {
  readonly key: number
  readonly chart: DashboardChart
}

/** A dashboard while it is edited: what is saved, or thrown away, as a whole. */
export interface DashboardDraft {
  /** The version that is edited. */
  readonly version: number
  readonly name: string
  readonly charts: readonly KeyedChart[]
}

export function keyed(charts: readonly DashboardChart[]): KeyedChart[] {
  return charts.map((chart, key) => ({ key, chart }))
}

export function draftOf({ version, name, charts }: Dashboard): DashboardDraft {
  return { version, name, charts: keyed(charts) }
}

/** The charts with one of them moved by some places; at an end it stays there. */
export function moveChart(charts: readonly KeyedChart[], key: number, by: number): readonly KeyedChart[] {
  const from = charts.findIndex((one) => one.key === key)
  const to = Math.min(Math.max(from + by, 0), charts.length - 1)
  if (from < 0 || from === to) return charts
  return charts.toSpliced(from, 1).toSpliced(to, 0, charts[from]!)
}

/** The charts with another title of one. */
export function retitleChart(charts: readonly KeyedChart[], key: number, title: string): KeyedChart[] {
  return charts.map((one) => (one.key === key ? { key, chart: { ...one.chart, title } } : one))
}

/** @returns whether saving the draft would change the dashboard */
export function isChanged(draft: DashboardDraft, { name, charts }: Dashboard): boolean {
  return (
    JSON.stringify([draft.name, draft.charts.map(({ chart }) => chart)]) !== JSON.stringify([name, charts])
  )
}
