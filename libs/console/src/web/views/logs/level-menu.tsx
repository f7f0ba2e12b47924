import { Menu } from '../../parts/menu.tsx'

interface LevelMenuProps {
  /** Those that are searched for; none: all. */
  readonly chosen: readonly string[]
  readonly known: readonly string[]
  readonly onChange: (levels: readonly string[]) => void
}

/** Chooses levels, one or several. */
export function LevelMenu({ chosen, known, onChange }: LevelMenuProps) {
  const levels = [...new Set([...known, ...chosen])]
  const label =
    chosen.length === 0 ? 'All levels' : chosen.length > 2 ? `${chosen.length} levels` : chosen.join(', ')
  return (
    <Menu class="level-menu" label={label}>
      {(close) => (
        <fieldset aria-label="Levels">
          {levels.map((level) => (
            <label key={level} class="check">
              <input
                type="checkbox"
                checked={chosen.includes(level)}
                onChange={({ currentTarget: { checked } }) =>
                  onChange(checked ? [...chosen, level] : chosen.filter((one) => one !== level))
                }
              />
              {level}
            </label>
          ))}
          <button
            type="button"
            class="link"
            disabled={chosen.length === 0}
            onClick={() => {
              close()
              onChange([])
            }}
          >
            All levels
          </button>
        </fieldset>
      )}
    </Menu>
  )
}
