import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'

interface PageProps {
  readonly title: string
  /** Beside the title: what one may do here. */
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
}

/** A view: names the document, heads it, and holds its parts. */
export function Page({ title, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Runnel`
  }, [title])
  return (
    <>
      <div class="page-head">
        <h1>{title}</h1>
        {actions && <div class="actions">{actions}</div>}
      </div>
      {children}
    </>
  )
}
