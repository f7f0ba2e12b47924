import { useMemo } from 'preact/hooks'
import { fixedChanges, presetChanges, readRange, ZOOMED_OUT, type TimeRange } from './time-range.ts'
import type { QueryParams } from './use-query-params.ts'

/** The range of the address, and the ways to change it. */
export function useRange({ params, change }: QueryParams, fallback?: string) {
  const range: TimeRange = useMemo(() => readRange(params, fallback), [params, fallback])
  return {
    range,
    onPreset: (id: string) => change(presetChanges(id)),
    onFixed: (fromMs: number, toMs: number) => change({ ...fixedChanges(fromMs, toMs), live: null }),
    /** Back to where a zoom began; undefined where there is none. */
    onReset: range.kind === 'fixed' ? () => change(ZOOMED_OUT) : undefined,
  }
}
