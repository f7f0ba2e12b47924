import type { ComponentChildren } from 'preact'
import { classNames } from './class-names.ts'

interface CardProps {
  readonly title?: ComponentChildren
  readonly actions?: ComponentChildren
  readonly class?: string | undefined
  readonly children: ComponentChildren
}

/** A framed part of a view. */
export function Card({ title, actions, class: name, children }: CardProps) {
  return (
    <section class={classNames('card', name)}>
      {(title || actions) && (
        <div class="card-head">
          {title && <h2>{title}</h2>}
          {actions && <div class="actions">{actions}</div>}
        </div>
      )}
      {children}
    </section>
  )
}
