import type { ComponentChildren } from 'preact'
import { classNames } from './class-names.ts'

export interface Column<T> {
  /** Its heading. */
  readonly title: string
  readonly cell: (row: T) => ComponentChildren
  readonly align?: 'right' | undefined
  /** For the style: `narrow` takes no more room than it needs, `wide-only` goes on small screens. */
  readonly class?: string | undefined
}

/** The class of a column's cells. */
export function columnClass({ align, class: name }: Pick<Column<never>, 'align' | 'class'>): string {
  return classNames(align === 'right' && 'number', name)
}
