import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { useMe } from '../data/me.tsx'
import { itemsFor } from '../nav-items.ts'
import { ShortcutDialog } from './shortcut-dialog.tsx'
import type { Shortcut } from './shortcut.ts'
import { useShortcuts } from './shortcuts.tsx'

/** Search fields of the page, the first of which is its own. */
const SEARCH_FIELDS = '#main input[type="search"]'

/** Shortcuts that every page has. @returns the list of shortcuts, and how to open it */
export function usePageShortcuts(): { readonly dialog: preact.VNode; readonly showList: () => void } {
  const { route } = useLocation()
  const me = useMe()
  const [open, setOpen] = useState(false)
  const showList = () => setOpen(true)
  const visits = itemsFor(me).flatMap(({ key, label, href }): Shortcut | [] =>
    key === undefined ? [] : { keys: `g ${key}`, label, group: 'Go to', run: () => visit(href, route) },
  )
  useShortcuts([
    { keys: '/', label: 'Go to the search of the page', group: 'On this page', run: focusSearch },
    ...visits,
    { keys: '?', label: 'Show the keyboard shortcuts', group: 'Everywhere', run: showList },
  ])
  return { dialog: <ShortcutDialog open={open} onClose={() => setOpen(false)} />, showList }
}

function visit(href: string, route: (href: string) => void): void {
  if (href.startsWith('/console')) route(href)
  else location.assign(href)
}

function focusSearch(): void {
  const field = [...document.querySelectorAll<HTMLInputElement>(SEARCH_FIELDS)].find((one) =>
    one.checkVisibility(),
  )
  field?.focus()
  field?.select()
}
