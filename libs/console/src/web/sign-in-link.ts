import type { Me } from './api/me.ts'

/** Where people sign in with an API key; else at a provider, which leads back to where they are. */
const KEY_SIGN_IN = '/sign-in'

/** Whether people sign in at a provider. */
export function hasProvider({ signIn }: Me): boolean {
  return signIn !== KEY_SIGN_IN
}

/** @param here path and query to come back to */
export function signInLink(me: Me, here: string): string {
  return hasProvider(me) ? `${me.signIn}?to=${encodeURIComponent(here)}` : me.signIn
}
