import { useId, useState } from 'preact/hooks'

interface TokenFieldProps {
  readonly label: string
  readonly values: readonly string[]
  readonly placeholder?: string
  /** Values that are offered. */
  readonly known?: readonly string[]
  readonly hint?: string
  /** What is wrong with it. */
  readonly error?: string | undefined
  readonly onChange: (values: readonly string[]) => void
}

/** Several short texts. Enter, a comma, or leaving the field adds one; Backspace in the empty field takes the last. */
export function TokenField(props: TokenFieldProps) {
  const { label, values, placeholder, known = [], hint, error, onChange } = props
  const [text, setText] = useState('')
  const id = useId()
  const add = () => {
    const value = text.trim()
    setText('')
    if (value !== '' && !values.includes(value)) onChange([...values, value])
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Backspace' && text === '') return onChange(values.slice(0, -1))
    if (event.key !== 'Enter' && event.key !== ',') return
    if (event.key === 'Enter' && text === '') return
    event.preventDefault()
    add()
  }
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <div class="tokens">
        {values.map((value) => (
          <span key={value} class="chip">
            <span>{value || 'none'}</span>
            <button
              type="button"
              class="plain"
              aria-label={`Remove ${value}`}
              onClick={() => onChange(values.filter((one) => one !== value))}
            >
              ✕
            </button>
          </span>
        ))}
        <input
          id={id}
          value={text}
          placeholder={placeholder}
          list={`${id}-known`}
          maxLength={500}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onBlur={add}
        />
        <datalist id={`${id}-known`}>
          {known.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      </div>
      {hint && <span class="field-hint">{hint}</span>}
      {error && (
        <span class="field-error" role="alert">
          {error}
        </span>
      )}
    </div>
  )
}
