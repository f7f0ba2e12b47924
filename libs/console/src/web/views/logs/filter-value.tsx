import type { ComponentChildren } from 'preact'

interface FilterValueProps {
  readonly name: string
  readonly value: string
  readonly onFilter: () => void
  /** The value as it is shown; its text unless given. */
  readonly children?: ComponentChildren
}

/** A value that is a button: it looks for entries with the same. */
export function FilterValue({ name, value, onFilter, children }: FilterValueProps) {
  return (
    <button type="button" class="filter-value" title={`Filter by ${name}`} onClick={onFilter}>
      {children ?? value} <span class="filter-sign">= filter</span>
    </button>
  )
}
