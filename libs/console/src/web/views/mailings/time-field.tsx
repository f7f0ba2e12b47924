import { zoneName } from '../../format/time.ts'
import { parseWallClock } from '../../format/zone.ts'
import { Field } from '../../parts/field.tsx'

interface TimeFieldProps {
  readonly label: string
  /** As `datetime-local` has it. */
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (value: string) => void
}

/** A moment by clocks of the reader's zone, with what that is in UTC. */
export function TimeField({ label, value, error, onChange }: TimeFieldProps) {
  const timeMs = parseWallClock(value)
  const zone = zoneName(Number.isNaN(timeMs) ? Date.now() : timeMs)
  const utc = Number.isNaN(timeMs) ? undefined : new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')
  return (
    <Field label={`${label} (${zone})`} error={error} hint={utc && zone !== 'UTC' ? `${utc} UTC` : undefined}>
      <input
        type="datetime-local"
        value={value}
        aria-invalid={error !== undefined}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  )
}
