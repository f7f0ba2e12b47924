interface TermButtonsProps {
  /** A condition as it stands in a query. */
  readonly term: string
  /** Adds a condition to the query. */
  readonly onTerm: (term: string) => void
}

/** Looks for a condition, or leaves out what fulfils it. */
export function TermButtons({ term, onTerm }: TermButtonsProps) {
  return (
    <>
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
    </>
  )
}
