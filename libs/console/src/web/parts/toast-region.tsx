import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useToasts, type Toast } from './toast.tsx'

/** How long one stands while nobody looks closer. Bad news stands until it is dismissed. */
const SHOWN_MS = 6000

/**
 * The strip at the foot of the window that shows what was done. It covers nothing: the page ends above it, and so do panels, as if
 * the window were that much shorter.
 */
export function ToastRegion() {
  const { toasts, dialogs } = useToasts()
  const region = useRef<HTMLDivElement>(null)
  const shown = dialogs === 0 ? toasts : []
  useLayoutEffect(() => {
    const { current } = region
    if (!current) return
    const observer = new ResizeObserver(() => makeRoom(current.offsetHeight))
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return (
    <div class="toasts" ref={region}>
      <ToastList toasts={shown} />
    </div>
  )
}

/** The same at the foot of an open dialog: what is behind it can be neither seen nor heard. */
export function DialogToasts() {
  const { toasts, openDialog } = useToasts()
  useLayoutEffect(openDialog, [])
  return <ToastList toasts={toasts} />
}

/** The list is there before any toast is in it: readers announce what is added to it. */
function ToastList({ toasts }: { toasts: readonly Toast[] }) {
  return (
    <div role="status" aria-live="polite" aria-atomic="false">
      {toasts.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

/** Goes after a time, unless the pointer or the focus is on it. */
function ToastLine({ toast: { id, text, tone } }: { toast: Toast }) {
  const { dismiss } = useToasts()
  const [held, setHeld] = useState(false)
  const stays = held || tone === 'bad'
  useEffect(() => {
    if (stays) return
    const timer = setTimeout(() => dismiss(id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [stays, id])
  return (
    <p
      class="toast"
      data-tone={tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <span>{text}</span>
      <button type="button" class="plain" aria-label={`Dismiss: ${text}`} onClick={() => dismiss(id)}>
        ✕
      </button>
    </p>
  )
}

/** Ends the page and its panels that much above the foot of the window; what has the focus is moved out of the strip. */
function makeRoom(px: number): void {
  document.documentElement.style.setProperty('--toasts-height', `${px}px`)
  const focused = document.activeElement
  if (px === 0 || !focused?.closest('#main')) return
  if (focused.getBoundingClientRect().bottom > innerHeight - px && focused.id !== 'main')
    focused.scrollIntoView({ block: 'nearest' })
}
