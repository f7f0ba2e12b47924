import type { VNode } from 'preact'
import { memo } from '../data/memo.ts'
import { columnClass, type Column } from './column.ts'

interface TableRowProps<T> {
  readonly row: T
  readonly columns: readonly Column<T>[]
  readonly selected: boolean
  readonly onRow: ((row: T) => void) | undefined
}

function Row<T>({ row, columns, selected, onRow }: TableRowProps<T>) {
  return (
    <tr
      class={selected ? 'selected' : undefined}
      onClick={onRow && ((event) => isPlain(event) && onRow(row))}
    >
      {columns.map((column) => (
        <td key={column.title} class={columnClass(column)} data-title={column.title}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}

/** One row of a table. */
export const TableRow = memo(Row as (props: TableRowProps<unknown>) => VNode) as unknown as <T>(
  props: TableRowProps<T>,
) => VNode

/** Links and buttons in a row do their own; and text that was just marked is to be copied. */
function isPlain(event: MouseEvent): boolean {
  const inControl = (event.target as Element).closest('a, button, input, select, summary') !== null
  return !inControl && (getSelection()?.isCollapsed ?? true)
}
