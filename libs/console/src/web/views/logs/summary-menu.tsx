import type { QueryParams } from '../../data/use-query-params.ts'
import { Menu } from '../../parts/menu.tsx'

/** Ways to see what many entries have in common. */
export function SummaryMenu({ query: { change } }: { query: QueryParams }) {
  const show = (changes: Record<string, string>, close: () => void) => {
    change(changes)
    close()
  }
  return (
    <Menu label="Summarise">
      {(close) => (
        <ul class="menu-list">
          <li>
            <button type="button" onClick={() => show({ by: 'level' }, close)}>
              Count by field
            </button>
          </li>
          <li>
            <button type="button" onClick={() => show({ patterns: '1' }, close)}>
              Patterns of messages
            </button>
          </li>
        </ul>
      )}
    </Menu>
  )
}
