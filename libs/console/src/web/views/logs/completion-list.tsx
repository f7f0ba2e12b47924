import { useEffect, useRef } from 'preact/hooks'

interface CompletionListProps {
  readonly id: string
  /** Terms as they would stand in the query. */
  readonly terms: readonly string[]
  /** The one that Enter takes; -1: none. */
  readonly active: number
  readonly onTake: (index: number) => void
}

/** The id of an option, for the field that owns the list. */
export function optionId(id: string, index: number): string {
  return `${id}-${index}`
}

/** What a query may go on with. The field above keeps the focus. */
export function CompletionList({ id, terms, active, onTake }: CompletionListProps) {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => list.current?.children[active]?.scrollIntoView({ block: 'nearest' }), [active])
  return (
    <ul id={id} class="completions" role="listbox" aria-label="Offered" ref={list}>
      {terms.map((term, i) => (
        <li
          key={term}
          id={optionId(id, i)}
          role="option"
          aria-selected={i === active}
          onPointerDown={(event) => {
            // The field keeps the focus.
            event.preventDefault()
            onTake(i)
          }}
        >
          {term}
        </li>
      ))}
    </ul>
  )
}
