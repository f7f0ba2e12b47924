import type { Me } from './api/me.ts'
import { signOut } from './api/sessions.ts'
import { useAction } from './data/use-action.ts'

/** Who has signed in, with the roles; leads to the sessions, and out. */
export function SignedInAs({ me }: { me: Me }) {
  const leave = useAction(async () => location.assign(await signOut()))
  const title = leave.error ? `Signing out failed: ${leave.error.message}` : undefined
  return (
    <span class="access">
      <a href="/console/sessions">
        {me.name} ({me.roles.join(', ')})
      </a>{' '}
      <button type="button" class="link" title={title} disabled={leave.busy} onClick={() => leave.run()}>
        {leave.error ? 'Try to sign out again' : 'Sign out'}
      </button>
    </span>
  )
}
