import { MAX_QUERY_CHARACTERS, type LogQueryError } from '@runnel/contracts/log-query'
import type { RefObject } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { CompletionList, optionId } from './completion-list.tsx'
import type { KnownFields } from './completions.ts'
import { findQueryError } from './query-text.ts'
import { useCompletion } from './use-completion.ts'

interface QueryBoxProps {
  readonly value: string
  /** What is offered while one types. */
  readonly fields: KnownFields
  /** Called with Enter, with the button, and when the text is cleared; never with a query that cannot be read. */
  readonly onSearch: (query: string) => void
  /** Called when one is about to type. */
  readonly onFocus: () => void
}

/** A query of logs. What is wrong with it is said where it is. */
export function QueryBox({ value, fields, onSearch, onFocus }: QueryBoxProps) {
  const [text, setText] = useState(value)
  const [error, setError] = useState(() => findQueryError(value))
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  useEffect(() => {
    setText(value)
    setError(findQueryError(value))
  }, [value])
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
      <QueryInput
        id={id}
        input={input}
        text={text}
        fields={fields}
        isInvalid={error !== undefined}
        onText={type}
        onFocus={onFocus}
      />
      <button type="submit" class="primary">
        Search
      </button>
      {error && <QueryTrouble id={`${id}-error`} text={text} error={error} />}
    </form>
  )
}

interface QueryInputProps {
  readonly id: string
  readonly input: RefObject<HTMLInputElement | null>
  readonly text: string
  readonly fields: KnownFields
  readonly isInvalid: boolean
  readonly onText: (text: string) => void
  readonly onFocus: () => void
}

/** Where a query is typed, with what it may go on with beneath. */
function QueryInput({ id, input, text, fields, isInvalid, onText, onFocus }: QueryInputProps) {
  const [caret, setCaret] = useState(0)
  const completion = useCompletion({
    ...{ text, caret, fields },
    onTake: (taken, at) => {
      // At once: the next key may be pressed before anything is drawn.
      input.current!.value = taken
      input.current!.setSelectionRange(at, at)
      onText(taken)
      setCaret(at)
    },
  })
  const isOffering = completion.terms.length > 0
  return (
    <>
      <input
        ref={input}
        type="search"
        aria-label="Query of logs"
        placeholder='words, "a phrase", -without, level:error, service:api*, status:>=500'
        role="combobox"
        list={undefined}
        aria-autocomplete="list"
        aria-expanded={isOffering}
        aria-controls={isOffering ? `${id}-offered` : undefined}
        aria-activedescendant={
          completion.active < 0 ? undefined : optionId(`${id}-offered`, completion.active)
        }
        autocomplete="off"
        spellcheck={false}
        maxLength={MAX_QUERY_CHARACTERS}
        value={text}
        aria-invalid={isInvalid}
        aria-describedby={isInvalid ? `${id}-error` : undefined}
        onFocus={onFocus}
        onBlur={() => completion.show(false)}
        onKeyDown={completion.onKeyDown}
        onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart ?? 0)}
        onInput={({ currentTarget }) => {
          onText(currentTarget.value)
          setCaret(currentTarget.selectionStart ?? 0)
          completion.show(true)
        }}
      />
      {isOffering && (
        <CompletionList
          id={`${id}-offered`}
          terms={completion.terms}
          active={completion.active}
          onTake={completion.take}
        />
      )}
    </>
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
