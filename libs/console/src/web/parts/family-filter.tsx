import { useState } from 'preact/hooks'
import { parsePair } from '../data/family-params.ts'

interface FamilyFilterProps {
  /** What it filters by, e.g. "Attribute". */
  readonly label: string
  readonly onAdd: (name: string, value: string) => void
}

/** Takes `name=value` and adds it to the filters. */
export function FamilyFilter({ label, onAdd }: FamilyFilterProps) {
  const [text, setText] = useState('')
  const submit = (event: Event) => {
    event.preventDefault()
    const pair = parsePair(text)
    if (!pair) return
    onAdd(...pair)
    setText('')
  }
  return (
    <form class="family-filter" onSubmit={submit}>
      <input
        aria-label={`${label} filter, name=value`}
        placeholder={`${label}: name=value`}
        value={text}
        maxLength={500}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </form>
  )
}
