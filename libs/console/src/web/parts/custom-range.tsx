import { useState } from 'preact/hooks'
import type { TimeRange } from '../data/time-range.ts'
import { formatDateTime, zoneName } from '../format/time.ts'
import { Field } from './field.tsx'

interface CustomRangeProps {
  readonly range: TimeRange
  readonly onApply: (fromMs: number, toMs: number) => void
}

/** Both ends of a range, by hand. */
export function CustomRange({ range, onApply }: CustomRangeProps) {
  const [from, setFrom] = useState(() =>
    toInput(range.kind === 'fixed' ? range.fromMs : Date.now() - range.ms),
  )
  const [to, setTo] = useState(() => toInput(range.kind === 'fixed' ? range.toMs : Date.now()))
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)]
  const ok = fromMs < toMs
  const submit = (event: Event) => {
    event.preventDefault()
    if (ok) onApply(fromMs, toMs)
  }
  return (
    <form class="custom-range" onSubmit={submit}>
      <Field label={`From (${zoneName(Date.now())})`}>
        <input
          type="datetime-local"
          step="1"
          value={from}
          onInput={(event) => setFrom(event.currentTarget.value)}
        />
      </Field>
      <Field label="To" error={ok ? undefined : 'The end has to be after the start'}>
        <input
          type="datetime-local"
          step="1"
          value={to}
          onInput={(event) => setTo(event.currentTarget.value)}
        />
      </Field>
      <button type="submit" class="primary" disabled={!ok}>
        Apply
      </button>
    </form>
  )
}

function toInput(timeMs: number): string {
  return formatDateTime(timeMs).replace(' ', 'T')
}
