import type { DashboardChart } from '../../../api/dashboards.ts'
import { readFamily } from '../../../data/family-params.ts'
import { readAggregate, readEarlier, type Layout } from '../metrics-query.ts'

/** The chart of some metrics as an address of the metrics view shows it, to be kept on a dashboard. */
export function toDashboardChart(
  params: URLSearchParams,
  metrics: readonly string[],
  layout: Layout,
  title: string,
): DashboardChart {
  const [by, step, earlier] = [params.get('by'), params.get('step'), readEarlier(params)]
  const tags = readFamily(params, 'tag')
  return {
    title: title.trim(),
    metrics: [...metrics],
    agg: readAggregate(params),
    ...(by && { by }),
    ...(step && { step }),
    ...(earlier && { compare: earlier.value }),
    ...(layout === 'small' && { small: true }),
    ...(tags.length > 0 && { tags: Object.fromEntries(tags) }),
  }
}

/** The parameters of the metrics view that show a chart of a dashboard. */
export function toChartParams({
  metrics,
  agg,
  by,
  step,
  compare,
  small,
  tags,
}: DashboardChart): URLSearchParams {
  const layout = small ? 'small' : metrics.length > 1 ? 'together' : undefined
  const single = Object.entries({ agg: agg === 'avg' ? undefined : agg, by, step, compare, layout })
  return new URLSearchParams([
    ...metrics.map((name) => ['name', name]),
    ...single.filter((pair): pair is [string, string] => pair[1] !== undefined),
    ...Object.entries(tags ?? {}).map(([name, value]) => [`tag.${name}`, value]),
  ])
}

/** What a chart is called. */
export function titleOf({ title, metrics }: DashboardChart): string {
  return title === '' ? metrics.join(', ') : title
}
