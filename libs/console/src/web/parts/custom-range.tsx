import { useState } from 'preact/hooks'
import { momentOf, parseTime, typedEnds } from '../data/parse-time.ts'
import type { TimeRange } from '../data/time-range.ts'
import { zoneTitle } from '../format/time.ts'
import { Field } from './field.tsx'

interface CustomRangeProps {
  readonly range: TimeRange
  /** Called with the length of a range that ends now. */
  readonly onPreset: (ms: number) => void
  readonly onFixed: (fromMs: number, toMs: number) => void
}

const EXPECTED = 'Expected: now, -90m, 2026-01-31 12:00'

/** Both ends of a range, by hand: relative to now, or by clocks of the reader's zone. */
export function CustomRange({ range, onPreset, onFixed }: CustomRangeProps) {
  const [ends, setEnds] = useState(() => typedEnds(range))
  const nowMs = Date.now()
  const [from, to] = [parseTime(ends.from, nowMs), parseTime(ends.to, nowMs)]
  const isEmpty = from && to && momentOf(from, nowMs) >= momentOf(to, nowMs)
  const submit = (event: Event) => {
    event.preventDefault()
    if (!from || !to || isEmpty) return
    // It goes on with the time only where both ends do, and it ends now.
    if (from.kind === 'before-now' && to.kind === 'before-now' && to.ms === 0) return onPreset(from.ms)
    onFixed(momentOf(from, nowMs), momentOf(to, nowMs))
  }
  const input = (name: 'from' | 'to') => (
    <input
      value={ends[name]}
      maxLength={40}
      spellcheck={false}
      autocomplete="off"
      onInput={(event) => setEnds({ ...ends, [name]: event.currentTarget.value })}
    />
  )
  return (
    <form class="menu-form" onSubmit={submit}>
      <Field label="From" error={from ? undefined : EXPECTED}>
        {input('from')}
      </Field>
      <Field label="To" error={to ? (isEmpty ? 'The end has to be after the start' : undefined) : EXPECTED}>
        {input('to')}
      </Field>
      <p class="field-hint">
        -1h, now, 12:00, 2026-01-31 12:00
        <br />
        in {zoneTitle(nowMs)}
      </p>
      <button type="submit" class="primary" disabled={!from || !to || isEmpty}>
        Apply
      </button>
    </form>
  )
}
