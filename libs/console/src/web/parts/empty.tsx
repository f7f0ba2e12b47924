import type { ComponentChildren } from 'preact'

interface EmptyProps {
  readonly title: string
  /** What to do about it. */
  readonly children?: ComponentChildren
}

/** Says that there is nothing, and how there could be something. */
export function Empty({ title, children }: EmptyProps) {
  return (
    <div class="note">
      <p class="note-title">{title}</p>
      {children && <p>{children}</p>}
    </div>
  )
}
