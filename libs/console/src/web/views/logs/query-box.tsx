import { MAX_QUERY_CHARACTERS, type LogQueryError } from '@runnel/contracts/log-query'
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'
import { completions, type KnownFields } from './completions.ts'
import { findQueryError } from './query-text.ts'

interface QueryBoxProps {
  readonly value: string
  /** What is offered while one types. */
  readonly fields: KnownFields
  /** Called with Enter, with the button, and when the text is cleared; never with a query that cannot be read. */
  readonly onSearch: (query: string) => void
}

/** A query of logs. What is wrong with it is said where it is. */
export function QueryBox({ value, fields, onSearch }: QueryBoxProps) {
  const [text, setText] = useState(value)
  const [error, setError] = useState(() => findQueryError(value))
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  useEffect(() => {
    setText(value)
    setError(findQueryError(value))
  }, [value])
  const offered = useMemo(() => completions(text, fields), [text, fields])
  const submit = (event: Event) => {
    event.preventDefault()
    const found = findQueryError(text)
    setError(found)
    if (!found) return onSearch(text.trim())
    input.current?.focus()
    input.current?.setSelectionRange(found.position, text.length)
  }
  const type = (typed: string) => {
    setText(typed)
    setError(undefined)
    if (typed === '' && value !== '') onSearch('')
  }
  return (
    <form role="search" class="search query-box" onSubmit={submit}>
      <input
        ref={input}
        type="search"
        aria-label="Query of logs"
        placeholder='words, "a phrase", -without, level:error, service:api*, status:>=500'
        list={`${id}-offered`}
        autocomplete="off"
        spellcheck={false}
        maxLength={MAX_QUERY_CHARACTERS}
        value={text}
        aria-invalid={error !== undefined}
        aria-describedby={error && `${id}-error`}
        onInput={(event) => type(event.currentTarget.value)}
      />
      <datalist id={`${id}-offered`}>
        {offered.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <button type="submit" class="primary">
        Search
      </button>
      {error && <QueryTrouble id={`${id}-error`} text={text} error={error} />}
    </form>
  )
}

/** Characters that are shown before the place of an error. */
const SHOWN_BEFORE = 60

function QueryTrouble({ id, text, error }: { id: string; text: string; error: LogQueryError }) {
  const { position, message, expected } = error
  return (
    <p id={id} class="query-error field-error" role="alert">
      <code>
        {text.slice(Math.max(0, position - SHOWN_BEFORE), position)}
        <mark>{text.slice(position) || '␣'}</mark>
      </code>{' '}
      {message}, at character {position + 1}. Expected: {expected}.
    </p>
  )
}
