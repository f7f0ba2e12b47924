import { Field } from '../../parts/field.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import type { FormPart } from './check-form.ts'
import { TimeField } from './time-field.tsx'

const STARTS = [
  { value: '', label: 'Now' },
  { value: 'later', label: 'Later' },
]

const HOURS = [
  { value: '', label: 'All day' },
  { value: 'window', label: 'Between' },
]

/** When a mailing is sent, and how fast. */
export function TimeFields({ values, set, problem, started }: FormPart & { started: boolean }) {
  return (
    <>
      {!started && (
        <div class="field-row">
          <div class="field">
            <span class="field-label">Start</span>
            <Segmented
              label="Start"
              value={values.startsLater ? 'later' : ''}
              options={STARTS}
              onChange={(value) => set({ startsLater: value !== '' })}
            />
          </div>
          {values.startsLater && (
            <TimeField
              label="Starts at"
              value={values.start}
              error={problem('/start')}
              onChange={(start) => set({ start })}
            />
          )}
        </div>
      )}
      <div class="field-row">
        <TimeField label="End" value={values.end} error={problem('/end')} onChange={(end) => set({ end })} />
        <Field label="Maximum messages per second" error={problem('/ratePerSecond')} hint="Empty: no limit.">
          <input
            inputMode="numeric"
            value={values.rate}
            onInput={(event) => set({ rate: event.currentTarget.value })}
          />
        </Field>
      </div>
      <WindowFields values={values} set={set} problem={problem} />
    </>
  )
}

function WindowFields({ values, set, problem }: FormPart) {
  const error = problem('/window')
  const crosses = values.to < values.from ? ' Crosses midnight.' : ''
  return (
    <div class="field">
      <span class="field-label">Hours</span>
      <div class="window-row">
        <Segmented
          label="Hours"
          value={values.hasWindow ? 'window' : ''}
          options={HOURS}
          onChange={(value) => set({ hasWindow: value !== '' })}
        />
        {values.hasWindow && (
          <>
            <input
              type="time"
              aria-label="From"
              value={values.from}
              onInput={(event) => set({ from: event.currentTarget.value })}
            />
            <span>and</span>
            <input
              type="time"
              aria-label="Until"
              value={values.to}
              onInput={(event) => set({ to: event.currentTarget.value })}
            />
          </>
        )}
      </div>
      {values.hasWindow && <span class="field-hint">In each client's local time.{crosses}</span>}
      {error && (
        <span class="field-error" role="alert">
          {error}
        </span>
      )}
    </div>
  )
}
