import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { classNames } from './class-names.ts'

interface DialogProps {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly class?: string | undefined
  readonly children: ComponentChildren
}

/** A window over the page; the browser keeps the focus in it and gives it back. */
export function Dialog({ title, open, onClose, class: name, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const { current } = dialog
    if (open && !current?.open) current?.showModal()
    if (!open) current?.close()
  }, [open])
  return (
    <dialog ref={dialog} class={classNames('dialog', name)} aria-labelledby={titleId} onClose={onClose}>
      {open && (
        <>
          <div class="card-head">
            <h2 id={titleId}>{title}</h2>
            <button type="button" class="plain" aria-label="Close" onClick={() => dialog.current?.close()}>
              ✕
            </button>
          </div>
          {children}
        </>
      )}
    </dialog>
  )
}
