import type { ComponentChildren } from 'preact'
import { writeTerm } from './query-text.ts'

interface FilterValueProps {
  readonly path: readonly string[]
  readonly value: string
  readonly onTerm: (term: string) => void
  /** The value as it is shown; its text unless given. */
  readonly children?: ComponentChildren
}

/** A value, with ways to look for it and to leave it out. */
export function FilterValue({ path, value, onTerm, children }: FilterValueProps) {
  const term = writeTerm(path, value)
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
      </span>
    </span>
  )
}
