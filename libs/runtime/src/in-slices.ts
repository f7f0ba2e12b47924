import { setImmediate as nextTurn } from 'node:timers/promises'

/** Milliseconds that one piece of work may hold the event loop. */
const SLICE_MS = 10

/**
 * Does work that comes in steps, and lets others have the event loop whenever it has been held for a slice. What is short
 * is done at once, without a promise: that is the hot path.
 *
 * @param steps pauses wherever it may be interrupted
 * @returns what the steps return
 * @throws what they throw; as a rejection where they were interrupted
 */
export function inSlices<T>(steps: Iterator<unknown, T>, sliceMs = SLICE_MS): T | Promise<T> {
  const last = runSlice(steps, sliceMs)
  return last.done ? last.value : goOn(steps, sliceMs)
}

async function goOn<T>(steps: Iterator<unknown, T>, sliceMs: number): Promise<T> {
  for (;;) {
    await nextTurn()
    const last = runSlice(steps, sliceMs)
    if (last.done) return last.value
  }
}

/** @returns the step that ended the slice */
function runSlice<T>(steps: Iterator<unknown, T>, sliceMs: number): IteratorResult<unknown, T> {
  const endMs = performance.now() + sliceMs
  for (;;) {
    const step = steps.next()
    if (step.done || performance.now() >= endMs) return step
  }
}
