import type { HttpOptions, HttpServer } from '@runnel/http'
import { counter, type Metrics } from '@runnel/observability'
import { ACCOUNT_PATH, addAccountRoutes } from './accounts/account-routes.ts'
import { addAuthRoutes } from './auth-routes.ts'
import type { SignIn } from './create-sign-in.ts'
import { addSignedOutPage, prepareSignInPages } from './prepare-sign-in-pages.ts'
import { addProviderLogoutRoute } from './provider-logout-route.ts'
import { addLogoutRoute, addSessionRoutes } from './session-routes.ts'

/** Where a person signs in: at the provider, where there is one. */
export function signInPathOf({ provider }: SignIn): string {
  return provider ? '/auth/login' : ACCOUNT_PATH
}

/** Where a browser asks for a key. At the top, so that it sends the key to every address; not where the form of local accounts is. */
export function keyPathOf(signIn: SignIn | undefined): string {
  return signIn?.accounts ? '/sign-in-with-key' : '/sign-in'
}

/** @returns how requests are judged where people sign in */
export function withPeople(http: HttpOptions, signIn: SignIn | undefined): HttpOptions {
  return signIn && http.access ? { ...http, access: { ...http.access, people: signIn.people } } : http
}

/** Every route with which people sign in and out, and see where they are signed in. */
export async function addPeopleRoutes(
  app: HttpServer,
  signIn: SignIn,
  hosts: HttpOptions,
  metrics: Metrics,
): Promise<void> {
  const { provider, accounts } = signIn
  const signedIn = counter(
    metrics,
    'runnel_sign_ins_total',
    'Attempts of people to sign in, by their outcome',
    ['outcome'],
  )
  const options = { signIn, hosts, note: (outcome: string) => signedIn.inc({ outcome }) }
  await app.register(async (scope: HttpServer) => {
    prepareSignInPages(scope, signIn, options.note)
    addSignedOutPage(scope, signIn)
    if (provider) addAuthRoutes(scope, { ...options, provider })
    if (accounts) addAccountRoutes(scope, { ...options, accounts })
  })
  if (provider)
    await app.register(async (scope: HttpServer) => addProviderLogoutRoute(scope, signIn, provider))
  addSessionRoutes(app, signIn)
  addLogoutRoute(app, signIn)
}
