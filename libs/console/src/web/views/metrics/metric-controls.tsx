import { CHART_AGGREGATES } from '@runnel/contracts/dashboards/chart-choices'
import { getTagNames } from '../../api/metrics.ts'
import { useResource } from '../../data/use-resource.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { FamilyFilter } from '../../parts/family-filter.tsx'
import { Select } from '../../parts/select.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { EARLIER, readAggregate, readEarlier, readLayout, STEPS } from './metrics-query.ts'

const LAYOUT_OPTIONS = [
  { value: 'each', label: 'One each' },
  { value: 'together', label: 'Together' },
  { value: 'small', label: 'Small multiples' },
]

/** What is no plain word for what it does. */
const AGGREGATE_LABELS: Readonly<Record<string, string>> = {
  rate: 'rate of a counter',
  percentiles: 'p50, p95, p99',
}

interface MetricControlsProps {
  readonly query: QueryParams
  /** The metric whose tags are offered for grouping. */
  readonly name: string | undefined
}

/** How values are put together: aggregation, groups, step, an earlier time beside, tags. */
export function MetricControls({ query: { params, change }, name }: MetricControlsProps) {
  const tags = useResource(name, (signal) => getTagNames(name ?? '', signal))
  return (
    <div class="toolbar">
      <Select
        label="Aggregation"
        value={readAggregate(params)}
        options={CHART_AGGREGATES.map((value) => ({ value, label: AGGREGATE_LABELS[value] ?? value }))}
        onChange={(agg) => change({ agg: agg === 'avg' ? null : agg })}
      />
      <Select
        label="Group by"
        value={params.get('by') ?? ''}
        options={[
          { value: '', label: 'Not grouped' },
          ...(tags.data ?? []).map((value) => ({ value, label: `By ${value}` })),
        ]}
        onChange={(by) => change({ by })}
      />
      <Select
        label="Step"
        value={params.get('step') ?? ''}
        options={[
          { value: '', label: 'Step: auto' },
          ...STEPS.map((value) => ({ value, label: `Step: ${value}` })),
        ]}
        onChange={(step) => change({ step })}
      />
      <Select
        label="Compare with"
        value={readEarlier(params)?.value ?? ''}
        options={[
          { value: '', label: 'Not compared' },
          ...EARLIER.map(({ value, label }) => ({ value, label: `With ${label}` })),
        ]}
        onChange={(compare) => change({ compare })}
      />
      <Segmented
        label="Layout"
        value={readLayout(params)}
        options={LAYOUT_OPTIONS}
        onChange={(layout) => change({ layout: layout === 'each' ? null : layout })}
      />
      <FamilyFilter label="Tag" onAdd={(tag, value) => change({ [`tag.${tag}`]: value })} />
    </div>
  )
}
