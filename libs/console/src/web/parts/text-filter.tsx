import { useId } from 'preact/hooks'

interface TextFilterProps {
  readonly label: string
  readonly value: string
  /** Values that are offered. */
  readonly known: readonly string[]
  /** Called with Enter and when the field is left. */
  readonly onChange: (value: string) => void
}

/** A filter by a text that need not be known. */
export function TextFilter({ label, value, known, onChange }: TextFilterProps) {
  const id = useId()
  return (
    <>
      <input
        class="text-filter"
        aria-label={label}
        placeholder={label}
        list={id}
        value={value}
        maxLength={500}
        onChange={(event) => onChange(event.currentTarget.value.trim())}
      />
      <datalist id={id}>
        {known.map((text) => (
          <option key={text} value={text} />
        ))}
      </datalist>
    </>
  )
}
