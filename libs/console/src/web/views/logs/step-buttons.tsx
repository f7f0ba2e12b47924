import { useEffect, useRef } from 'preact/hooks'

/** Keys that lead to the entry above and below. */
const STEPS: Readonly<Record<string, -1 | 1>> = { ArrowUp: -1, k: -1, ArrowDown: 1, j: 1 }

interface StepButtonsProps {
  readonly onStep: (by: -1 | 1) => (() => void) | undefined
}

/** Ways to the entry above and below in the list, with keys, too. */
export function StepButtons({ onStep }: StepButtonsProps) {
  const latest = useRef(onStep)
  latest.current = onStep
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const by = STEPS[event.key]
      if (by === undefined || event.altKey || event.ctrlKey || event.metaKey || isElsewhere(event)) return
      event.preventDefault()
      latest.current(by)?.()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  const [previous, next] = [onStep(-1), onStep(1)]
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

/** Where keys have a meaning of their own. */
function isElsewhere({ target }: KeyboardEvent): boolean {
  const isTyped =
    target instanceof Element && target.closest('input, select, textarea, pre, [role="menu"]') !== null
  return isTyped || document.querySelector('dialog[open]') !== null
}
