import type { LogValues } from '../../api/logs.ts'
import { writeField } from '@runnel/contracts/log-query'
import { formatCount, formatPercent, plural } from '../../format/number.ts'
import { Empty } from '../../parts/empty.tsx'
import { Progress } from '../../parts/progress.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { CountedFrom } from './counted-from.tsx'
import { FilterValue } from './filter-value.tsx'

interface LogValuesTableProps {
  readonly path: readonly string[]
  readonly values: LogValues
  readonly onTerm: (term: string) => void
}

/** Values of a field with their counts, and what is not among them. */
export function LogValuesTable({ path, values: data, onTerm }: LogValuesTableProps) {
  const { total, values } = data
  const share = (count: number) => (total === 0 ? 0 : Math.min(1, count / total))
  const columns: Column<LogValues['values'][number]>[] = [
    {
      title: 'Value',
      class: 'log-value',
      cell: ({ value }) => (
        <FilterValue path={path} value={value} onTerm={onTerm}>
          {value === '' && <span class="quiet">(empty)</span>}
        </FilterValue>
      ),
    },
    { title: 'Entries', align: 'right', class: 'narrow', cell: ({ count }) => formatCount(count) },
    {
      title: 'Share',
      align: 'right',
      class: 'narrow',
      cell: ({ count }) => formatPercent(share(count)),
    },
    {
      title: 'Part of all',
      class: 'log-value-part wide-only',
      cell: ({ value, count }) => <Progress label={`Share of ${value}`} value={count} max={total} />,
    },
  ]
  return (
    <>
      {values.length > 0 ? (
        <Table
          label={`Values of ${writeField(path)}`}
          columns={columns}
          rows={values}
          rowKey={({ value }) => value}
        />
      ) : (
        <Empty title={total === 0 ? 'Nothing matches in this range.' : 'No entry has such values.'} />
      )}
      <Rest path={path} values={data} onTerm={onTerm} />
    </>
  )
}

/** What the counts do not say. */
function Rest({
  path,
  values: { total, without, others, margin, countedFrom },
  onTerm,
}: LogValuesTableProps) {
  const field = writeField(path)
  return (
    <p class="log-summary-rest quiet" role="status">
      {plural(total, 'entry', 'entries')} counted
      <CountedFrom at={countedFrom} />.
      {without > 0 && (
        <>
          {' '}
          {plural(without, 'entry', 'entries')} without {field}{' '}
          <button type="button" class="link" onClick={() => onTerm(`-${field}:*`)}>
            Only these
          </button>
          .
        </>
      )}
      {others > 0 && <> {plural(others, 'more value')} not listed.</>}
      {margin > 0 && (
        <> There are too many values to count each: a count may be too low by up to {formatCount(margin)}.</>
      )}
    </p>
  )
}
