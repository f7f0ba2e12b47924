import { useMe } from './data/me.tsx'
import { Badge } from './parts/badge.tsx'

const OPEN = 'Access control is off: whatever reaches this address may read and change everything'

/** Who uses the console, or that everybody may. */
export function AccessNote() {
  const me = useMe()
  if (me === undefined) return null
  if (me.kind === 'stranger') {
    return (
      <a class="access" href="/sign-in">
        Sign in
      </a>
    )
  }
  if (me.kind !== 'open') return <span class="access">{me.name}</span>
  return (
    <span class="access" title={OPEN}>
      <Badge tone="warn">open access</Badge>
    </span>
  )
}
