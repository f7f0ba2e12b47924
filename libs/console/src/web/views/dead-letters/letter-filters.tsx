import type { QueryParams } from '../../data/use-query-params.ts'
import { SearchBox } from '../../parts/search-box.tsx'
import { Select } from '../../parts/select.tsx'
import { AGES, KINDS, REPLAYED } from './letters-query.ts'

const KIND_OPTIONS = [{ value: '', label: 'All kinds' }, ...KINDS.map((value) => ({ value, label: value }))]

/** Which letters are listed. */
export function LetterFilters({ query: { params, change } }: { query: QueryParams }) {
  const select = (name: string, label: string, options: readonly { value: string; label: string }[]) => (
    <Select
      label={label}
      value={params.get(name) ?? ''}
      options={options}
      onChange={(value) => change({ [name]: value, cursor: null, letter: null })}
    />
  )
  return (
    <div class="toolbar">
      <SearchBox
        label="Part of the reason"
        placeholder="Part of the reason"
        value={params.get('reason') ?? ''}
        onSearch={(reason) => change({ reason, cursor: null, letter: null })}
      />
      {select('kind', 'Kind', KIND_OPTIONS)}
      {select('replayed', 'Replayed', REPLAYED)}
      {select('age', 'When they failed', AGES)}
    </div>
  )
}
