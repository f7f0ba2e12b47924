import { Field } from '../../parts/field.tsx'

interface CountryFieldProps {
  readonly value: string
  readonly error: string | undefined
  readonly disabled: boolean
  readonly onChange: (value: string) => void
}

/** The country of phones in a file that are written as within it, by its two letters. */
export function CountryField({ value, error, disabled, onChange }: CountryFieldProps) {
  return (
    <Field label="Country of phones without the code of their country" error={error}>
      <input
        value={value}
        maxLength={2}
        placeholder="RU"
        disabled={disabled}
        aria-invalid={error !== undefined}
        onInput={(event) => onChange(event.currentTarget.value.toUpperCase())}
      />
    </Field>
  )
}
