import { useMe } from './data/me.tsx'
import { Badge } from './parts/badge.tsx'
import { signInLink } from './sign-in-link.ts'
import { SignedInAs } from './signed-in-as.tsx'

const OPEN = 'Access control is off: anyone who can reach this address can read and change everything'

/** Who uses the console, or that everybody may. */
export function AccessNote() {
  const me = useMe()
  if (me === undefined) return null
  if (me.kind === 'stranger') {
    return (
      <a class="access" href={signInLink(me, location.pathname + location.search)}>
        Sign in
      </a>
    )
  }
  if (me.roles.length > 0) return <SignedInAs me={me} />
  if (me.kind !== 'open') return <span class="access">{me.name}</span>
  return (
    <span class="access" title={OPEN}>
      <Badge tone="warn">open access</Badge>
    </span>
  )
}
