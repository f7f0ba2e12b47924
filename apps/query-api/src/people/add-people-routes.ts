import type { HttpOptions, HttpServer } from '@runnel/http'
import type { Metrics } from '@runnel/observability'
import { addAuthRoutes } from './auth-routes.ts'
import type { SignIn } from './create-sign-in.ts'
import { addProviderLogoutRoute } from './provider-logout-route.ts'
import { addLogoutRoute, addSessionRoutes } from './session-routes.ts'

/** Where a person signs in. */
export const SIGN_IN_PATH = '/auth/login'

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
  await app.register(async (scope: HttpServer) => addAuthRoutes(scope, { signIn, hosts, metrics }))
  await app.register(async (scope: HttpServer) => addProviderLogoutRoute(scope, signIn))
  addSessionRoutes(app, signIn)
  addLogoutRoute(app, signIn)
}
