import { getTagNames } from '../../api/metrics.ts'
import { useResource } from '../../data/use-resource.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { FamilyFilter } from '../../parts/family-filter.tsx'
import { Select } from '../../parts/select.tsx'
import { AGGREGATES, readAggregate, STEPS } from './metrics-query.ts'

interface MetricControlsProps {
  readonly query: QueryParams
  /** The metric whose tags are offered for grouping. */
  readonly name: string | undefined
}

/** How values are put together: aggregation, groups, step, tags. */
export function MetricControls({ query: { params, change }, name }: MetricControlsProps) {
  const tags = useResource(name, (signal) => getTagNames(name ?? '', signal))
  return (
    <div class="toolbar">
      <Select
        label="Aggregation"
        value={readAggregate(params)}
        options={AGGREGATES.map((value) => ({ value, label: value }))}
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
      <FamilyFilter label="Tag" onAdd={(tag, value) => change({ [`tag.${tag}`]: value })} />
    </div>
  )
}
