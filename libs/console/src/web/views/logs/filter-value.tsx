import type { ComponentChildren } from 'preact'
import { writeField } from '@runnel/contracts/log-query'
import { writeTerm } from './query-text.ts'

interface FilterValueProps {
  readonly path: readonly string[]
  readonly value: string
  readonly onTerm: (term: string) => void
  /** Undefined for what has a column already. */
  readonly onColumn?: (field: string) => void
  /** The value as it is shown; its text unless given. */
  readonly children?: ComponentChildren
}

/** A value, with ways to look for it and to leave it out. */
export function FilterValue({ path, value, onTerm, onColumn, children }: FilterValueProps) {
  const term = writeTerm(path, value)
  const field = writeField(path)
  return (
    <span class="filter-value">
      {children ?? value}{' '}
      <span class="filter-signs">
        <button
          type="button"
          class="plain"
          aria-label={`Only ${term}`}
          title={term}
          onClick={() => onTerm(term)}
        >
          +
        </button>
        <button
          type="button"
          class="plain"
          aria-label={`Without ${term}`}
          title={`-${term}`}
          onClick={() => onTerm(`-${term}`)}
        >
          −
        </button>
        {onColumn && (
          <button
            type="button"
            class="plain"
            aria-label={`Column ${field}`}
            title={`Column ${field}: show or hide`}
            onClick={() => onColumn(field)}
          >
            ▥
          </button>
        )}
      </span>
    </span>
  )
}
