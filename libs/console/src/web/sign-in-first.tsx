import { Empty } from './parts/empty.tsx'

/** In place of a view, for those who have not said who they are. */
export function SignInFirst() {
  return (
    <Empty title="Sign in first.">
      <a href="/sign-in">Sign in with an API key</a>: the browser asks for it. The key goes into the field of
      the password; the user name does not matter.
    </Empty>
  )
}
