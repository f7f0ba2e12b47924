import type { QueryParams } from '../../data/use-query-params.ts'
import { FamilyFilter } from '../../parts/family-filter.tsx'
import { FilterChips } from '../../parts/filter-chips.tsx'
import { Select } from '../../parts/select.tsx'
import { TextFilter } from '../../parts/text-filter.tsx'
import { attributeFilters } from './traces-query.ts'

const OUTCOMES = [
  { value: '', label: 'Failed or not' },
  { value: 'true', label: 'Failed' },
  { value: 'false', label: 'Not failed' },
]

interface TraceFiltersProps {
  readonly query: QueryParams
  /** Services that were seen. */
  readonly services: readonly string[]
  /** Searches again. */
  readonly onAgain: () => void
}

/** What one span of a trace has to have. */
export function TraceFilters({ query: { params, change }, services, onAgain }: TraceFiltersProps) {
  const filter = (name: string, value: string | null) => change({ [name]: value, cursor: null })
  const text = (name: string, label: string, known: readonly string[] = []) => (
    <TextFilter
      key={`${name} ${params.get(name)}`}
      label={label}
      value={params.get(name) ?? ''}
      known={known}
      onChange={(value) => filter(name, value)}
    />
  )
  return (
    <>
      <div class="toolbar">
        {text('service', 'Service', services)}
        {text('operation', 'Operation')}
        {text('min', 'At least ms')}
        {text('max', 'At most ms')}
        <Select
          label="Outcome"
          value={params.get('error') ?? ''}
          options={OUTCOMES}
          onChange={(value) => filter('error', value)}
        />
        <FamilyFilter label="Attribute" onAdd={(name, value) => filter(`attr.${name}`, value)} />
        <button type="button" onClick={onAgain}>
          Search again
        </button>
      </div>
      <FilterChips filters={attributeFilters(params)} onRemove={(param) => filter(param, null)} />
    </>
  )
}
