import type { Scope } from '../../../api/me.ts'
import { useMissing } from '../../../data/me.tsx'
import type { QueryParams } from '../../../data/use-query-params.ts'
import { Select } from '../../../parts/select.tsx'
import { readMarkKinds, type MarkKind } from './mark-choice.ts'

const SCOPES: Readonly<Record<MarkKind, Scope>> = { mailings: 'mailings:read', deploys: 'logs:read' }

const OPTIONS: readonly { readonly kinds: readonly MarkKind[]; readonly label: string }[] = [
  { kinds: [], label: 'No marks' },
  { kinds: ['mailings'], label: 'Mark mailings' },
  { kinds: ['deploys'], label: 'Mark deploys' },
  { kinds: ['mailings', 'deploys'], label: 'Mark mailings, deploys' },
]

/** What is marked in charts, of what the reader may see. */
export function MarkSelect({ query: { params, change } }: { query: QueryParams }) {
  const missing = useMissing(Object.values(SCOPES))
  const offered = OPTIONS.filter(({ kinds }) => kinds.every((kind) => !missing.includes(SCOPES[kind])))
  if (offered.length === 1) return null
  return (
    <Select
      label="Marks"
      value={readMarkKinds(params).join(',')}
      options={offered.map(({ kinds, label }) => ({ value: kinds.join(','), label }))}
      onChange={(marks) => change({ marks })}
    />
  )
}
