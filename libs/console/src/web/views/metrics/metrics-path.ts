/** What an address below /console/metrics shows. */
export type MetricsPath =
  | { readonly view: 'explore' | 'dashboards' | 'missing' }
  | { readonly view: 'dashboard'; readonly id: number }

export const METRICS = '/console/metrics'
export const DASHBOARDS = `${METRICS}/dashboards`

export function parseMetricsPath(path: string): MetricsPath {
  const [, rest] = /^\/console\/metrics\/?(.*?)\/?$/.exec(path) ?? []
  if (rest === '') return { view: 'explore' }
  if (rest === 'dashboards') return { view: 'dashboards' }
  const id = Number(/^dashboards\/(\d{1,15})$/.exec(rest ?? '')?.[1])
  return id > 0 ? { view: 'dashboard', id } : { view: 'missing' }
}

export function dashboardHref(id: number): string {
  return `${DASHBOARDS}/${id}`
}
