import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'

interface SidePanelProps {
  readonly title: string
  readonly onClose: () => void
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
}

/** One thing in full beside the list that it stands in. Takes the focus when it opens; Escape closes it. */
export function SidePanel({ title, onClose, actions, children }: SidePanelProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const titleId = useId()
  const close = useRef(onClose)
  close.current = onClose
  useEffect(() => {
    const before = document.activeElement
    heading.current?.focus({ preventScroll: true })
    const onKey = (event: KeyboardEvent) => {
      // A dialog over it is closed first.
      if (event.key === 'Escape' && !document.querySelector('dialog[open]')) close.current()
    }
    addEventListener('keydown', onKey)
    return () => {
      removeEventListener('keydown', onKey)
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
  }, [])
  return (
    <aside class="side-panel" aria-labelledby={titleId}>
      <div class="side-head">
        <h2 id={titleId} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="plain" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </div>
      {actions && <div class="side-actions">{actions}</div>}
      <div class="side-body">{children}</div>
    </aside>
  )
}
