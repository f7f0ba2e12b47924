import type { Shortcut } from '../../keyboard/shortcut.ts'
import { useShortcuts } from '../../keyboard/shortcuts.tsx'

interface StepButtonsProps {
  readonly onStep: (by: -1 | 1) => (() => void) | undefined
}

/** Ways to the entry above and below in the list, with keys, too. */
export function StepButtons({ onStep }: StepButtonsProps) {
  const [previous, next] = [onStep(-1), onStep(1)]
  const keysOf = (keys: readonly string[], label: string, by: -1 | 1): Shortcut[] =>
    keys.map((each) => ({ keys: each, label, group: 'On this page', run: () => onStep(by)?.() }))
  useShortcuts([
    ...keysOf(['j', 'ArrowDown'], 'Next entry', 1),
    ...keysOf(['k', 'ArrowUp'], 'Previous entry', -1),
  ])
  return (
    <>
      <button type="button" title="Above (k or ↑)" disabled={!previous} onClick={previous}>
        ↑ Previous
      </button>
      <button type="button" title="Below (j or ↓)" disabled={!next} onClick={next}>
        ↓ Next
      </button>
    </>
  )
}
