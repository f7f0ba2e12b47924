import { useEffect, useState } from 'preact/hooks'
import { chooseTheme, followOtherWindows, readTheme, watchTheme, type Theme } from '../theme/theme.ts'
import { Menu } from './menu.tsx'

const LABELS: Readonly<Record<Theme, string>> = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
}

/** The look of the console, and the way to its shortcuts. @param onShortcuts shows the list of them */
export function ThemeMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const theme = useTheme()
  return (
    <Menu
      class="theme-menu"
      label={
        <>
          <span class="unseen">Theme and keyboard</span>
          <span class="theme-sign" aria-hidden="true" />
        </>
      }
    >
      {(close) => (
        <ul class="menu-list">
          {(Object.keys(LABELS) as Theme[]).map((each) => (
            <li key={each}>
              <button
                type="button"
                aria-pressed={theme === each}
                onClick={() => {
                  close()
                  chooseTheme(each)
                }}
              >
                {LABELS[each]}
              </button>
            </li>
          ))}
          <li class="menu-rest">
            <button
              type="button"
              onClick={() => {
                close()
                onShortcuts()
              }}
            >
              Keyboard shortcuts <kbd>?</kbd>
            </button>
          </li>
        </ul>
      )}
    </Menu>
  )
}

/** The theme that was chosen, here or in another window. */
function useTheme(): Theme {
  const [theme, setTheme] = useState(readTheme)
  useEffect(() => watchTheme(() => setTheme(readTheme())), [])
  useEffect(followOtherWindows, [])
  return theme
}
