import { useEffect, useState } from 'preact/hooks'

interface SearchBoxProps {
  readonly label: string
  readonly value: string
  readonly placeholder?: string
  readonly maxLength?: number
  /** Called with Enter, with the button, and when the text is cleared. */
  readonly onSearch: (text: string) => void
}

/** A text that is searched for once it is complete. */
export function SearchBox({ label, value, placeholder, maxLength = 200, onSearch }: SearchBoxProps) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const submit = (event: Event) => {
    event.preventDefault()
    onSearch(text.trim())
  }
  const input = (event: { currentTarget: HTMLInputElement }) => {
    setText(event.currentTarget.value)
    if (event.currentTarget.value === '' && value !== '') onSearch('')
  }
  return (
    <form role="search" class="search" onSubmit={submit}>
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        maxLength={maxLength}
        value={text}
        onInput={input}
      />
      <button type="submit" class="primary">
        Search
      </button>
    </form>
  )
}
