import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { useEffect, useRef } from 'preact/hooks'
import icon from './assets/icon.svg'
import { CrashBoundary } from './crash-boundary.tsx'
import { AccessNote } from './access-note.tsx'
import { useMe } from './data/me.tsx'
import { isCurrent, itemsFor } from './nav-items.ts'
import { SignInFirst } from './sign-in-first.tsx'

/** What every view stands in: brand, navigation, and a way past them for keyboards. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { path } = useLocation()
  const me = useMe()
  const here = path === '/console' ? '/console/logs' : path
  const nav = useRef<HTMLElement>(null)
  const main = useRef<HTMLElement>(null)
  const before = useRef(path)
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
            <a key={item.href} href={item.href} aria-current={isCurrent(item, here) ? 'page' : undefined}>
              {item.label}
            </a>
          ))}
        </nav>
        <AccessNote />
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        <CrashBoundary path={path}>
          {me?.kind === 'stranger' ? <SignInFirst me={me} /> : children}
        </CrashBoundary>
      </main>
    </>
  )
}
