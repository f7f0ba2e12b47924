import { parseField } from '@runnel/contracts/log-query'
import { getLogValues, type LogValues } from '../../api/logs.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import type { TimeRange } from '../../data/time-range.ts'
import { useResource } from '../../data/use-resource.ts'
import { Card } from '../../parts/card.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Select } from '../../parts/select.tsx'
import type { KnownFields } from './completions.ts'
import { searchParams } from './logs-query.ts'
import { LogValuesTable } from './log-values-table.tsx'

interface LogValuesCardProps {
  readonly query: QueryParams
  readonly range: TimeRange
  /** Fields that are offered. */
  readonly fields: KnownFields
  /** Adds a condition to the query. */
  readonly onTerm: (term: string) => void
}

/** How often the field of the address has which values in what the search finds. */
export function LogValuesCard({ query: { params, change }, range, fields, onTerm }: LogValuesCardProps) {
  const field = params.get('by')
  const key = field === null ? undefined : JSON.stringify([field, searchParams(params, range, 0)])
  const values = useResource(key, (signal) =>
    getLogValues(field!, searchParams(params, range, Date.now()), signal),
  )
  if (field === null) return null
  const current: typeof values = values.dataKey === key ? values : { ...values, data: undefined }
  return (
    <Card
      class="log-summary"
      title="Count by field"
      actions={
        <>
          <Select
            label="Field to count by"
            value={field}
            options={[...fields.keys()].map((name) => ({ value: name, label: name }))}
            onChange={(by) => change({ by })}
          />
          <button
            type="button"
            class="plain"
            aria-label="Close the counts"
            onClick={() => change({ by: null })}
          >
            ✕
          </button>
        </>
      }
    >
      <Loaded resource={current}>
        {(data: LogValues) => (
          <LogValuesTable path={parseField(data.field) ?? [data.field]} values={data} onTerm={onTerm} />
        )}
      </Loaded>
    </Card>
  )
}
