import { useId, useState } from 'preact/hooks'
import { pairProblem, parsePair } from '../data/family-params.ts'

interface FamilyFilterProps {
  /** What it filters by, e.g. "Attribute". */
  readonly label: string
  readonly onAdd: (name: string, value: string) => void
}

/** Takes `name=value` and adds it to the filters; says what is wrong with anything else. */
export function FamilyFilter({ label, onAdd }: FamilyFilterProps) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const id = useId()
  const input = (typed: string) => {
    setText(typed)
    setProblem(undefined)
  }
  const submit = (event: Event) => {
    event.preventDefault()
    const pair = parsePair(text)
    if (!pair) return setProblem(pairProblem(text))
    onAdd(...pair)
    input('')
  }
  return (
    <form class="family-filter" onSubmit={submit}>
      <input
        aria-label={`${label} filter, name=value`}
        placeholder={`${label}: name=value`}
        value={text}
        maxLength={500}
        aria-invalid={problem !== undefined}
        aria-describedby={problem && id}
        onInput={(event) => input(event.currentTarget.value)}
      />
      {problem && (
        <span id={id} class="field-error" role="alert">
          {problem}
        </span>
      )}
    </form>
  )
}
