import type { Client } from '../../api/clients.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { SearchBox } from '../../parts/search-box.tsx'
import { Select } from '../../parts/select.tsx'
import { TextFilter } from '../../parts/text-filter.tsx'
import { isFiltered, WITHOUT_FILTERS } from './clients-query.ts'
import { knownZones } from '../../format/zone.ts'

const OPTED = [
  { value: '', label: 'Opted in or out' },
  { value: 'false', label: 'Not opted out' },
  { value: 'true', label: 'Opted out' },
]

const CHANNELS = [
  { value: '', label: 'Any address' },
  { value: 'email', label: 'With an e-mail address' },
  { value: 'webhook', label: 'With a webhook' },
]

interface ClientFiltersProps {
  readonly query: QueryParams
  /** Those that can be seen: what they have is offered. */
  readonly clients: readonly Client[]
}

/** Which clients are listed. */
export function ClientFilters({ query: { params, change, href }, clients }: ClientFiltersProps) {
  const filter = (name: string, value: string) => change({ [name]: value, cursor: null, client: null })
  const text = (name: string, label: string, known: readonly string[]) => (
    <TextFilter
      label={label}
      value={params.get(name) ?? ''}
      known={known}
      onChange={(value) => filter(name, value)}
    />
  )
  const seen = (name: 'operatorCode' | 'tag') =>
    [...new Set(clients.flatMap((one) => one[name] || []))].sort()
  return (
    <div class="toolbar client-filters">
      <SearchBox
        label="Search clients"
        placeholder="Part of a name, phone, e-mail or tag"
        value={params.get('q') ?? ''}
        onSearch={(q) => filter('q', q)}
      />
      {text('phone', 'Phone', [])}
      {text('email', 'E-mail', [])}
      {text('operatorCode', 'Operator', seen('operatorCode'))}
      {text('tag', 'Tag', seen('tag'))}
      {text('timeZone', 'Time zone', knownZones())}
      <Select
        label="Opted out"
        value={params.get('optedOut') ?? ''}
        options={OPTED}
        onChange={(value) => filter('optedOut', value)}
      />
      <Select
        label="Address"
        value={params.get('channel') ?? ''}
        options={CHANNELS}
        onChange={(value) => filter('channel', value)}
      />
      {isFiltered(params) && <a href={href(WITHOUT_FILTERS)}>Remove the filters</a>}
    </div>
  )
}
