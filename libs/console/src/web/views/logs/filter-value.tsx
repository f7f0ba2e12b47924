import type { ComponentChildren } from 'preact'
import { writeField } from '@runnel/contracts/log-query'
import { writeTerm } from './query-text.ts'
import { TermButtons } from './term-buttons.tsx'

interface FilterValueProps {
  readonly path: readonly string[]
  readonly value: string
  readonly onTerm: (term: string) => void
  /** Undefined for what has a column already. */
  readonly onColumn?: (field: string) => void
  readonly onCount?: (field: string) => void
  /** The value as it is shown; its text unless given. */
  readonly children?: ComponentChildren
}

/** A value, with ways to look for it, to leave it out and to see more of its field. */
export function FilterValue({ path, value, onTerm, onColumn, onCount, children }: FilterValueProps) {
  const field = writeField(path)
  return (
    <span class="filter-value">
      {children || value}{' '}
      <span class="filter-signs">
        <TermButtons term={writeTerm(path, value)} onTerm={onTerm} />
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
        {onCount && (
          <button
            type="button"
            class="plain"
            aria-label={`Count by ${field}`}
            title={`Count by ${field}: how often it has which values`}
            onClick={() => onCount(field)}
          >
            #
          </button>
        )}
      </span>
    </span>
  )
}
