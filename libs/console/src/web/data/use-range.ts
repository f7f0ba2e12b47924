import { useMemo } from 'preact/hooks'
import {
  fixedChanges,
  presetChanges,
  readRange,
  shiftChanges,
  widenChanges,
  ZOOMED_OUT,
  type RangeChanges,
  type TimeRange,
} from './time-range.ts'
import type { QueryParams } from './use-query-params.ts'

/** The range of an address, and the ways to change it. */
export interface RangeControls {
  readonly range: TimeRange
  /** Chooses the last milliseconds until now. */
  readonly onPreset: (ms: number) => void
  readonly onFixed: (fromMs: number, toMs: number) => void
  readonly onShift: (direction: -1 | 1) => void
  readonly onWiden: () => void
  /** Back to where a zoom began; undefined where there is none. */
  readonly onReset: (() => void) | undefined
}

export function useRange({ params, change }: QueryParams): RangeControls {
  const range = useMemo(() => readRange(params), [params])
  /** A stretch of the past has no live tail. */
  const apply = (changes: RangeChanges) =>
    change({ ...changes, ...(changes.from !== null && { live: null }) })
  return {
    range,
    onPreset: (ms) => apply(presetChanges(ms)),
    onFixed: (fromMs, toMs) => apply(fixedChanges(fromMs, toMs)),
    onShift: (direction) => apply(shiftChanges(range, direction, Date.now())),
    onWiden: () => apply(widenChanges(range, Date.now())),
    onReset: range.kind === 'fixed' ? () => change(ZOOMED_OUT) : undefined,
  }
}
