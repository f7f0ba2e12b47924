import { useId, useMemo } from 'preact/hooks'
import { knownZones } from '../format/zone.ts'

interface TimeZoneInputProps {
  readonly value: string
  readonly invalid: boolean
  readonly placeholder?: string
  readonly disabled?: boolean
  readonly onChange: (value: string) => void
}

/** A time zone by its IANA name; the known ones are offered. */
export function TimeZoneInput({ value, invalid, placeholder, disabled, onChange }: TimeZoneInputProps) {
  const id = useId()
  const zones = useMemo(knownZones, [])
  return (
    <>
      <input
        value={value}
        list={id}
        maxLength={100}
        placeholder={placeholder}
        disabled={disabled}
        aria-invalid={invalid}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <datalist id={id}>
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  )
}
