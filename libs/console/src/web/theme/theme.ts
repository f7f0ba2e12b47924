/** What a person may choose; `system`: what the browser says. */
const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** Where the choice is kept; apply-theme.js reads it before anything is drawn. */
const THEME_STORED_AS = 'runnel.theme'

/** @returns `system` for everything that is no theme */
function parseTheme(text: string | null | undefined): Theme {
  return THEMES.find((theme) => theme === text) ?? 'system'
}

/** The theme that holds in this page. */
export function readTheme(): Theme {
  return parseTheme(document.documentElement.dataset.theme)
}

/** Shows the page in a theme, without keeping it. */
function applyTheme(theme: Theme): void {
  const { dataset } = document.documentElement
  if (theme === 'system') delete dataset.theme
  else dataset.theme = theme
}

/** Keeps a theme in this browser, and shows it. */
export function chooseTheme(theme: Theme): void {
  applyTheme(theme)
  try {
    if (theme === 'system') localStorage.removeItem(THEME_STORED_AS)
    else localStorage.setItem(THEME_STORED_AS, theme)
  } catch {
    // Without storage the choice holds until the page is left.
  }
}

/** Calls `onChange` whenever light turns to dark or back, whoever decided it. @returns how to end that */
export function watchTheme(onChange: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const observer = new MutationObserver(onChange)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  dark.addEventListener('change', onChange)
  return () => {
    observer.disconnect()
    dark.removeEventListener('change', onChange)
  }
}

/** Follows the choice that is made in another window of this browser. @returns how to end that */
export function followOtherWindows(): () => void {
  const onStorage = ({ key, newValue }: StorageEvent) => {
    if (key === THEME_STORED_AS || key === null) applyTheme(parseTheme(newValue))
  }
  addEventListener('storage', onStorage)
  return () => removeEventListener('storage', onStorage)
}
