import type { QueryParams } from '../../data/use-query-params.ts'
import { SearchBox } from '../../parts/search-box.tsx'
import { Select, type Option } from '../../parts/select.tsx'
import { AGE_OPTIONS, SUBJECT_OPTIONS } from './audit-query.ts'

/** Which entries are listed. */
export function AuditFilters({ query: { params, change } }: { query: QueryParams }) {
  const set = (name: string) => (value: string) => change({ [name]: value, cursor: null })
  const select = (name: string, label: string, options: readonly Option[]) => (
    <Select label={label} value={params.get(name) ?? ''} options={options} onChange={set(name)} />
  )
  const search = (name: string, label: string) => (
    <SearchBox label={label} placeholder={label} value={params.get(name) ?? ''} onSearch={set(name)} />
  )
  return (
    <div class="toolbar">
      {select('subject', 'Object', SUBJECT_OPTIONS)}
      {search('id', 'Id of the object')}
      {search('actor', 'Who')}
      {select('age', 'When', AGE_OPTIONS)}
    </div>
  )
}
