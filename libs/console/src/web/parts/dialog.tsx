import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { classNames } from './class-names.ts'
import { DialogToasts } from './toast-region.tsx'

/** What is filled in. */
const INPUTS = ':is(input, select, textarea):not([disabled])'

interface DialogProps {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly class?: string | undefined
  readonly children: ComponentChildren
}

/**
 * A window over the page; the browser keeps the focus in it and gives it back. It begins at the first input, or else at the
 * title: on no button, so that the Enter which opened it neither confirms nor closes anything.
 */
export function Dialog({ title, open, onClose, class: name, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const titleId = useId()
  useLayoutEffect(() => {
    const { current } = dialog
    if (open && current && !current.open) {
      current.showModal()
      const first = current.querySelector<HTMLElement>(INPUTS) ?? heading.current
      first?.focus({ preventScroll: true })
    }
    if (!open) current?.close()
  }, [open])
  // The event comes later than the closing: by then the next question may stand there, for it opens with its first drawing.
  const onClosed = () => {
    if (!dialog.current?.open) onClose()
  }
  return (
    <dialog ref={dialog} class={classNames('dialog', name)} aria-labelledby={titleId} onClose={onClosed}>
      {open && (
        <>
          <div class="card-head">
            <h2 id={titleId} ref={heading} tabIndex={-1}>
              {title}
            </h2>
            <button type="button" class="plain" aria-label="Close" onClick={() => dialog.current?.close()}>
              ✕
            </button>
          </div>
          {children}
          <DialogToasts />
        </>
      )}
    </dialog>
  )
}
