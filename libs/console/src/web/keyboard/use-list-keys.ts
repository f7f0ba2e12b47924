import type { RefObject } from 'preact'
import { useShortcuts } from './shortcuts.tsx'

interface ListKeys {
  /** Holds the table. */
  readonly frame: RefObject<HTMLElement | null>
  /** Opens a row by its place; none for lists whose rows do not open. */
  readonly open: ((place: number) => void) | undefined
  /** The place of the row that is open beside the list; -1 for none. */
  readonly selected: number
}

/** j and k in a list: from row to row, and from entry to entry while one is open beside it. */
export function useListKeys({ frame, open, selected }: ListKeys): void {
  const step = (by: -1 | 1) => () => {
    if (selected >= 0) return open?.(selected + by)
    const links = rowLinks(frame.current)
    const here = links.findIndex((link) => link?.closest('tr')?.contains(document.activeElement))
    // From outside, the first: whatever the direction, that is where a list begins.
    const next = links[here < 0 ? 0 : here + by]
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }
  useShortcuts(
    open
      ? [
          { keys: 'j', label: 'Next row', group: 'On this page', run: step(1) },
          { keys: 'k', label: 'Previous row', group: 'On this page', run: step(-1) },
        ]
      : [],
  )
}

/** The link of each row that opens it, or else its first control. */
function rowLinks(frame: HTMLElement | null): (HTMLElement | null)[] {
  const rows = [...(frame?.querySelectorAll('tbody tr') ?? [])]
  return rows.map((row) => row.querySelector<HTMLElement>('.row-link') ?? row.querySelector('a, button'))
}
