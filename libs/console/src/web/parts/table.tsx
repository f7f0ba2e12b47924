import { useRef } from 'preact/hooks'
import { useScrollHint } from '../data/use-scroll-hint.ts'
import { useListKeys } from '../keyboard/use-list-keys.ts'
import { classNames } from './class-names.ts'
import { columnClass, type Column } from './column.ts'
import { TableRow } from './table-row.tsx'

export type { Column } from './column.ts'

interface TableProps<T> {
  /** What the table lists, for who cannot see it. */
  readonly label: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly rowKey: (row: T) => string | number
  /** A click anywhere in a row; a link in a cell does the same for keyboards. */
  readonly onRow?: ((row: T) => void) | undefined
  readonly selected?: string | number | undefined
  readonly class?: string | undefined
}

/** Rows of data; j and k lead through those that open. Where there is no room for all columns, they scroll, and show it. Columns that stay the same object spare drawing rows that are the same. */
export function Table<T>({ label, columns, rows, rowKey, onRow, selected, class: name }: TableProps<T>) {
  const frame = useRef<HTMLDivElement>(null)
  const scrolls = useScrollHint(frame)
  const open = (place: number) => rows[place] !== undefined && onRow?.(rows[place])
  useListKeys({
    frame,
    open: onRow && open,
    selected: selected === undefined ? -1 : rows.findIndex((row) => rowKey(row) === selected),
  })
  return (
    // What scrolls has to be reached by keyboards, also where no cell holds a link or a button.
    <div class="table-frame" ref={frame} tabIndex={scrolls ? 0 : undefined}>
      <table class={classNames(name, onRow && 'clickable')} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={columnClass(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <TableRow
              key={rowKey(row)}
              row={row}
              columns={columns}
              selected={rowKey(row) === selected}
              onRow={onRow}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}
