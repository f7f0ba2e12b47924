import { useId, useState } from 'preact/hooks'
import type { QueryParams } from '../../data/use-query-params.ts'
import { classNames } from '../../parts/class-names.ts'
import { FamilyFilter } from '../../parts/family-filter.tsx'
import { FilterChips } from '../../parts/filter-chips.tsx'
import type { KnownFields } from './completions.ts'
import { LevelMenu } from './level-menu.tsx'
import { readLevels, USUAL_LEVELS } from './levels.ts'
import { readColumns, toggleColumn } from './columns-param.ts'
import { QueryBox } from './query-box.tsx'
import { attributeFilters } from './logs-query.ts'
import type { LogEntry } from '../../api/logs.ts'
import { TextFilter } from '../../parts/text-filter.tsx'

interface LogFiltersProps {
  readonly query: QueryParams
  /** Levels that were seen. */
  readonly levels: readonly string[]
  /** Whose services are offered. */
  readonly entries: readonly LogEntry[]
  /** Fields and values that are offered. */
  readonly fields: KnownFields
  /** Searches again for what is searched for already. */
  readonly onAgain: () => void
  /** Called when one is about to write a query. */
  readonly onFocus: () => void
}

/** What is searched for. */
export function LogFilters({
  query: { params, change },
  levels,
  entries,
  fields,
  onAgain,
  onFocus,
}: LogFiltersProps) {
  const filter = (name: string, value: string | null) => change({ [name]: value, cursor: null })
  /** On a narrow screen. */
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const text = params.get('query') ?? ''
  const services = [...new Set(entries.flatMap(({ service }) => service || []))].sort()
  const known = [...new Set([...USUAL_LEVELS, ...levels])]
  return (
    <>
      <div class="toolbar">
        <QueryBox
          value={text}
          fields={fields}
          onFocus={onFocus}
          onSearch={(query) => (query === text ? onAgain() : filter('query', query))}
        />
        <button
          type="button"
          class="narrow-only"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          Filters
        </button>
        <div id={id} class={classNames('toolbar more-filters', isOpen && 'open')}>
          <LevelMenu
            chosen={readLevels(params)}
            known={known}
            onChange={(chosen) => filter('level', chosen.join(',') || null)}
          />
          <TextFilter
            label="Service"
            value={params.get('service') ?? ''}
            known={services}
            onChange={(service) => filter('service', service)}
          />
          <FamilyFilter label="Attribute" onAdd={(name, value) => filter(`attr.${name}`, value)} />
        </div>
      </div>
      <FilterChips
        filters={[...attributeFilters(params), ...columnChips(params)]}
        onRemove={(param) =>
          param.startsWith(COLUMN)
            ? change({ columns: toggleColumn(params, param.slice(COLUMN.length)) })
            : filter(param, null)
        }
      />
    </>
  )
}

/** Stands before the name of a column in the list of chips. */
const COLUMN = 'columns '

function columnChips(params: URLSearchParams) {
  return readColumns(params).map((field) => ({ param: COLUMN + field, label: `column ${field}` }))
}
