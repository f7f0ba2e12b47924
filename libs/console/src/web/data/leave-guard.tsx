import { createContext, type ComponentChildren } from 'preact'
import { LocationProvider, useLocation } from 'preact-iso'
import { useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'

/** Whether something on the page is not saved; one place for all views. */
const UnsavedContext = createContext({ current: false })

/**
 * Asks before the page is left while something on it is not saved: by a link, a key, the browser's own buttons or a closed tab. Addresses of
 * the same page, such as another range of time, are no leaving.
 */
export function LeaveGuard({ children }: { children: ComponentChildren }) {
  const location = useLocation()
  const { route, url } = location
  const shownUrl = useRef(url)
  shownUrl.current = url
  const unsaved = useRef(false)
  /** What a person wanted to do when the question came. */
  const [leave, setLeave] = useState<() => void>()
  const ask = useCallback((then: () => void) => setLeave(() => then), [])
  const guarded = useCallback(
    (url: string, replace?: boolean) =>
      unsaved.current && leadsAway(url) ? ask(() => route(url, replace)) : route(url, replace),
    [route, ask],
  )
  useEffect(() => watchLinks(unsaved, (url) => ask(() => route(url))), [route, ask])
  // Before the effect of the router: of listeners at the window, browsers call the one first that was added first.
  useLayoutEffect(() => watchHistory(unsaved, shownUrl, ask), [ask])
  useEffect(() => watchTab(unsaved), [])
  const value = useMemo(() => ({ ...location, route: guarded }), [location, guarded])
  const close = () => setLeave(undefined)
  return (
    <LocationProvider.ctx.Provider value={value}>
      <UnsavedContext.Provider value={unsaved}>{children}</UnsavedContext.Provider>
      <ConfirmDialog
        title="Leave without saving?"
        open={leave !== undefined}
        action="Leave"
        danger
        onClose={close}
        onConfirm={() => {
          unsaved.current = false
          close()
          leave?.()
        }}
      >
        <p>Your changes on this page are not saved. They are lost when you leave it.</p>
      </ConfirmDialog>
    </LocationProvider.ctx.Provider>
  )
}

/**
 * Has a person asked before the page is left.
 *
 * @param isUnsaved something would be lost
 * @returns lets the page be left at once
 */
export function useUnsaved(isUnsaved: boolean): () => void {
  const unsaved = useContext(UnsavedContext)
  // At once: a click may follow before the next picture.
  useLayoutEffect(() => {
    unsaved.current = isUnsaved
    return () => void (unsaved.current = false)
  }, [unsaved, isUnsaved])
  return useCallback(() => void (unsaved.current = false), [unsaved])
}

type Unsaved = { readonly current: boolean }

function leadsAway(url: string): boolean {
  const { origin, pathname } = new URL(url, location.href)
  return origin !== location.origin || pathname !== location.pathname
}

/** Before the router sees a click. @returns how to end it */
function watchLinks(unsaved: Unsaved, onLink: (url: string) => void): () => void {
  const onClick = (event: MouseEvent) => {
    const link = (event.target as Element).closest('a')
    const isOwn = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey
    if (!unsaved.current || !isOwn || !link || link.download || !/^(_self)?$/.test(link.target)) return
    // Another site, or a page outside of the console: the browser asks by itself.
    if (link.origin !== location.origin || !link.pathname.startsWith('/console') || !leadsAway(link.href))
      return
    event.preventDefault()
    event.stopPropagation()
    onLink(link.pathname + link.search)
  }
  addEventListener('click', onClick, { capture: true })
  return () => removeEventListener('click', onClick, { capture: true })
}

/**
 * A step back cannot be refused: the address is put back, and the step is done again once a person wants it.
 *
 * @param shownUrl the address that is shown, which is that before the step
 * @returns how to end it
 */
function watchHistory(
  unsaved: Unsaved,
  shownUrl: { readonly current: string },
  ask: (then: () => void) => void,
) {
  const onStep = (event: PopStateEvent) => {
    if (!unsaved.current || !leadsAway(shownUrl.current)) return
    event.stopImmediatePropagation()
    history.pushState(null, '', shownUrl.current)
    ask(() => history.back())
  }
  addEventListener('popstate', onStep)
  return () => removeEventListener('popstate', onStep)
}

/** @returns how to end it */
function watchTab(unsaved: Unsaved): () => void {
  const onUnload = (event: Event) => unsaved.current && event.preventDefault()
  addEventListener('beforeunload', onUnload)
  return () => removeEventListener('beforeunload', onUnload)
}
