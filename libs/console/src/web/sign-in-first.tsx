import type { Me } from './api/me.ts'
import { Empty } from './parts/empty.tsx'
import { hasProvider, signInLink } from './sign-in-link.ts'

/** In place of a view, for those who have not said who they are. */
export function SignInFirst({ me }: { me: Me }) {
  const link = signInLink(me, location.pathname + location.search)
  if (hasProvider(me))
    return (
      <Empty title="Sign in first.">
        <a href={link}>Sign in with your account</a>: you come back to this page.
      </Empty>
    )
  return (
    <Empty title="Sign in first.">
      <a href={link}>Sign in with an API key</a>: the browser asks for it. The key goes into the field of the
      password; the user name does not matter.
    </Empty>
  )
}
