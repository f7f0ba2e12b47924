import { useState } from 'preact/hooks'

/** A stretch of bars, both ends included, as they were dragged over: the second may lie before the first. */
export type DragRange = readonly [start: number, end: number]

interface DragOptions {
  readonly count: number
  /** Called with the indices in order when the drag ends. */
  readonly onDone: (first: number, last: number) => void
}

/** Marks bars with a pointer. @returns what is marked, which bar is pointed at, and the handlers of the element */
export function useDragRange({ count, onDone }: DragOptions) {
  const [drag, setDrag] = useState<DragRange>()
  const [hover, setHover] = useState<number>()
  const indexOf = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    const index = Math.floor(((event.clientX - box.left) / box.width) * count)
    return Math.min(count - 1, Math.max(0, index))
  }
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return
      ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
      setDrag([indexOf(event), indexOf(event)])
    },
    onPointerMove: (event: PointerEvent) => {
      setHover(indexOf(event))
      if (drag) setDrag([drag[0], indexOf(event)])
    },
    onPointerUp: () => {
      if (!drag) return
      setDrag(undefined)
      onDone(Math.min(...drag), Math.max(...drag))
    },
    onPointerCancel: () => setDrag(undefined),
    onPointerLeave: () => setHover(undefined),
  }
  return { drag, hover, setHover, handlers }
}
