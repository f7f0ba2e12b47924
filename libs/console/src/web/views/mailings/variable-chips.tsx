import { useState } from 'preact/hooks'
import { getClientAttributes } from '../../api/clients.ts'
import { useResource } from '../../data/use-resource.ts'
import type { Channel } from './channel-names.ts'
import { attributePath } from './variable-path.ts'

interface VariableChipsProps {
  readonly channel: Channel
  readonly onInsert: (variable: string) => void
}

const MEMBERS = ['phone', 'operatorCode', 'tag', 'timeZone'] as const

/** Attributes that are offered at first, the most frequent ones. */
const FIRST_SHOWN = 8

/** The variables that a text may hold, with every attribute that a client has; a click puts one in. */
export function VariableChips({ channel, onInsert }: VariableChipsProps) {
  const [all, setAll] = useState(false)
  const attributes = useResource('attributes', getClientAttributes)
  const names = attributes.data?.items.map(({ name }) => attributePath(name)) ?? []
  const shown = all ? names : names.slice(0, FIRST_SHOWN)
  const variables = [...MEMBERS, ...(channel === 'email' ? ['unsubscribeUrl'] : []), ...shown]
  return (
    <span class="variables" role="group" aria-label="Insert a variable">
      {variables.map((variable) => (
        <button key={variable} type="button" class="small mono" onClick={() => onInsert(variable)}>
          {variable}
        </button>
      ))}
      {shown.length < names.length && (
        <button type="button" class="plain small" onClick={() => setAll(true)}>
          Show {names.length - shown.length} more
        </button>
      )}
    </span>
  )
}
