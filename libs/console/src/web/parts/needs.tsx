import type { ComponentChildren } from 'preact'
import type { Scope } from '../api/me.ts'
import { useMissing } from '../data/me.tsx'

interface NeedsProps {
  readonly scope: Scope | readonly Scope[]
  readonly children: ComponentChildren
}

/** Shows what it holds to those who may do it; to all others why it is not there. */
export function Needs({ scope, children }: NeedsProps) {
  const missing = useMissing([scope].flat())
  if (missing.length === 0) return <>{children}</>
  const scopes = missing.join(', ')
  return (
    <span class="quiet" title={`What you signed in with lacks the scope ${scopes}`}>
      Changes need {scopes}
    </span>
  )
}
