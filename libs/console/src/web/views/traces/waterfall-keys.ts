import type { SpanNode } from './span-tree.ts'

/** What a key does in a tree, by the pattern that screen readers know. */
export type KeyAction =
  | { readonly type: 'move'; readonly row: number }
  | { readonly type: 'fold'; readonly spanId: string; readonly fold: boolean }
  | { readonly type: 'open'; readonly spanId: string }

const PAGE_ROWS = 15

/** As the browser reports it. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>

/** @returns undefined for a key that does nothing here; with a modifier it is the browser's */
export function keyAction(
  { key, altKey, ctrlKey, metaKey, shiftKey }: KeyPress,
  rows: readonly SpanNode[],
  at: number,
  folded: ReadonlySet<string>,
): KeyAction | undefined {
  const row = rows[at]
  if (row === undefined || altKey || ctrlKey || metaKey || shiftKey) return undefined
  const { spanId } = row.span
  const move = (to: number): KeyAction => ({
    type: 'move',
    row: Math.min(rows.length - 1, Math.max(0, to)),
  })
  const isFolded = folded.has(spanId)
  switch (key) {
    case 'ArrowDown':
      return move(at + 1)
    case 'ArrowUp':
      return move(at - 1)
    case 'PageDown':
      return move(at + PAGE_ROWS)
    case 'PageUp':
      return move(at - PAGE_ROWS)
    case 'Home':
      return move(0)
    case 'End':
      return move(rows.length - 1)
    case 'ArrowRight':
      if (row.below === 0) return undefined
      return isFolded ? { type: 'fold', spanId, fold: false } : move(at + 1)
    case 'ArrowLeft':
      if (row.below > 0 && !isFolded) return { type: 'fold', spanId, fold: true }
      return row.parent === undefined
        ? undefined
        : move(rows.findIndex(({ span }) => span.spanId === row.parent))
    case 'Enter':
    case ' ':
      return { type: 'open', spanId }
    default:
      return undefined
  }
}
