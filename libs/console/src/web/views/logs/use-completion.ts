import { useState } from 'preact/hooks'
import { completions, type KnownFields } from './completions.ts'

interface CompletionOptions {
  readonly text: string
  /** Where the caret is: what stands before it is completed. */
  readonly caret: number
  readonly fields: KnownFields
  /** Called with the whole text, and the place of the caret in it. */
  readonly onTake: (text: string, caret: number) => void
}

/** What is offered for the term before the caret, and the keys that go through it. */
export function useCompletion({ text, caret, fields, onTake }: CompletionOptions) {
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const offered = isOpen ? completions(text.slice(0, caret), fields) : []
  const show = (open: boolean) => {
    setOpen(open)
    setActive(-1)
  }
  const take = (index: number) => {
    const { before, term } = offered[index]!
    onTake(before + term + text.slice(caret), before.length + term.length)
    // Behind a field come its values.
    show(term.endsWith(':'))
  }
  const move = (by: number) => {
    if (offered.length === 0) return show(true)
    setActive((active + by + (by < 0 && active < 0 ? 1 : 0) + offered.length) % offered.length)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey
    if (event.key === 'ArrowDown' && isPlain) move(1)
    else if (event.key === 'ArrowUp' && isPlain && offered.length > 0) move(-1)
    else if ((event.key === 'Enter' || event.key === 'Tab') && offered[active]) take(active)
    else if (event.key === 'Escape' && offered.length > 0) show(false)
    else {
      // The form is sent.
      if (event.key === 'Enter') show(false)
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }
  return { terms: offered.map(({ term }) => term), active, take, show, onKeyDown }
}
