export interface Option {
  readonly value: string
  readonly label: string
}

interface SelectProps {
  /** Its name, for who cannot see it. */
  readonly label: string
  readonly value: string
  readonly options: readonly Option[]
  readonly onChange: (value: string) => void
}

/** One of several. A value that is not among them is offered as it is. */
export function Select({ label, value, options, onChange }: SelectProps) {
  const known = options.some((option) => option.value === value)
  const all = known ? options : [...options, { value, label: value }]
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {all.map((option) => (
        <option key={option.value} value={option.value} selected={option.value === value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
