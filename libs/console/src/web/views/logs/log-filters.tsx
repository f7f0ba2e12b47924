import type { QueryParams } from '../../data/use-query-params.ts'
import { FamilyFilter } from '../../parts/family-filter.tsx'
import { FilterChips } from '../../parts/filter-chips.tsx'
import { SearchBox } from '../../parts/search-box.tsx'
import { Select } from '../../parts/select.tsx'
import { USUAL_LEVELS } from './levels.ts'
import { attributeFilters } from './logs-query.ts'
import { TextFilter } from '../../parts/text-filter.tsx'

interface LogFiltersProps {
  readonly query: QueryParams
  /** Levels and services that were seen. */
  readonly levels: readonly string[]
  readonly services: readonly string[]
  /** Searches again for what is searched for already. */
  readonly onAgain: () => void
}

/** What is searched for. */
export function LogFilters({ query: { params, change }, levels, services, onAgain }: LogFiltersProps) {
  const filter = (name: string, value: string | null) => change({ [name]: value, cursor: null })
  const q = params.get('q') ?? ''
  const known = [...new Set([...USUAL_LEVELS, ...levels])]
  return (
    <>
      <div class="toolbar">
        <SearchBox
          label="Search in messages"
          placeholder={'words, "a phrase", -without'}
          value={q}
          onSearch={(text) => (text === q ? onAgain() : filter('q', text))}
        />
        <Select
          label="Level"
          value={params.get('level') ?? ''}
          options={[{ value: '', label: 'All levels' }, ...known.map((value) => ({ value, label: value }))]}
          onChange={(level) => filter('level', level)}
        />
        <TextFilter
          label="Service"
          value={params.get('service') ?? ''}
          known={services}
          onChange={(service) => filter('service', service)}
        />
        <FamilyFilter label="Attribute" onAdd={(name, value) => filter(`attr.${name}`, value)} />
      </div>
      <FilterChips filters={attributeFilters(params)} onRemove={(param) => filter(param, null)} />
    </>
  )
}
