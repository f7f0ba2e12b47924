import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** Half pixels of a zoomed page are no more to see. */
const SLACK_PX = 2

/**
 * Keeps `data-more` of an element that scrolls sideways at the sides where there is more: `left`, `right` or both. The style
 * sheet fades these edges.
 *
 * @returns whether the element is narrower than what it holds; also after either has changed
 */
export function useScrollHint(ref: RefObject<HTMLElement | null>): boolean {
  const [overflows, setOverflows] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const update = () => {
      const { scrollLeft, scrollWidth, clientWidth } = element
      const more = [
        scrollLeft > SLACK_PX && 'left',
        scrollLeft + clientWidth < scrollWidth - SLACK_PX && 'right',
      ].filter((side) => side !== false)
      if (more.length > 0) element.dataset.more = more.join(' ')
      else delete element.dataset.more
      setOverflows(scrollWidth > clientWidth)
    }
    const observer = new ResizeObserver(update)
    for (const each of [element, ...element.children]) observer.observe(each)
    element.addEventListener('scroll', update, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', update)
    }
  }, [ref])
  return overflows
}
