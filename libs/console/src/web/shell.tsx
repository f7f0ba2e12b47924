import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { useEffect, useRef } from 'preact/hooks'
import icon from './assets/icon.svg'
import { CrashBoundary } from './crash-boundary.tsx'
import { AccessNote } from './access-note.tsx'
import { useMe } from './data/me.tsx'
import { useScrollHint } from './data/use-scroll-hint.ts'
import { useWaitingLetters } from './data/waiting-letters.tsx'
import { formatShort, plural } from './format/number.ts'
import { usePageShortcuts } from './keyboard/page-shortcuts.tsx'
import { isCurrent, itemsFor, type NavItem } from './nav-items.ts'
import { ThemeMenu } from './parts/theme-menu.tsx'
import { ToastRegion } from './parts/toast-region.tsx'
import { ZoneMenu } from './parts/zone-menu.tsx'
import { SignInFirst } from './sign-in-first.tsx'

const DEAD_LETTERS = '/console/dead-letters'

/** What every view stands in: brand, navigation, and a way past them for keyboards. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { path } = useLocation()
  const me = useMe()
  const letters = useWaitingLetters() ?? 0
  const here = path === '/console' ? '/console/logs' : path
  const nav = useRef<HTMLElement>(null)
  const main = useRef<HTMLElement>(null)
  const before = useRef(path)
  const { dialog, showList } = usePageShortcuts()
  useScrollHint(nav)
  // A new view is read from its beginning, by keyboards and readers too.
  useEffect(() => {
    if (before.current !== path) main.current?.focus({ preventScroll: true })
    before.current = path
  }, [path])
  // On narrow screens the navigation scrolls sideways.
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [here])
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href="/">
          <img src={icon} alt="" width="22" height="22" />
          Runnel
        </a>
        <nav aria-label="Main" ref={nav}>
          {itemsFor(me).map((item) => (
            <NavLink
              key={item.href}
              item={item}
              current={isCurrent(item, here)}
              letters={item.href === DEAD_LETTERS ? letters : 0}
            />
          ))}
        </nav>
        <ZoneMenu />
        <ThemeMenu onShortcuts={showList} />
        <AccessNote />
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        <CrashBoundary path={path}>
          {me?.kind === 'stranger' ? <SignInFirst me={me} /> : children}
        </CrashBoundary>
      </main>
      <ToastRegion />
      {dialog}
    </>
  )
}

/** @param letters dead letters that wait, to be shown beside it */
function NavLink({ item, current, letters }: { item: NavItem; current: boolean; letters: number }) {
  return (
    <a
      href={item.href}
      aria-current={current ? 'page' : undefined}
      title={letters > 0 ? `${plural(letters, 'dead letter')} not replayed` : undefined}
    >
      {item.label}
      {letters > 0 && (
        <>
          {' '}
          <span class="nav-count" aria-hidden="true">
            {formatShort(letters)}
          </span>
        </>
      )}
    </a>
  )
}
