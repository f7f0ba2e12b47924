import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { classNames } from './class-names.ts'

interface MenuProps {
  readonly class?: string | undefined
  /** On the button. */
  readonly label: ComponentChildren
  /** Gets a way to close it. */
  readonly children: (close: () => void) => ComponentChildren
}

/** A button that opens something small beneath it. Escape, and a click elsewhere, close it. */
export function Menu({ class: name, label, children }: MenuProps) {
  const [open, setOpen] = useState(false)
  const frame = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  useEffect(() => {
    if (!open) return
    const onPointer = (event: Event) => !frame.current?.contains(event.target as Node) && setOpen(false)
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    addEventListener('pointerdown', onPointer)
    addEventListener('keydown', onKey)
    return () => {
      removeEventListener('pointerdown', onPointer)
      removeEventListener('keydown', onKey)
    }
  }, [open])
  return (
    <div class={classNames('menu', name)} ref={frame}>
      <button
        type="button"
        ref={button}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {label} <span aria-hidden="true">▾</span>
      </button>
      <div id={id} class="menu-body" hidden={!open}>
        {open && children(() => setOpen(false))}
      </div>
    </div>
  )
}
