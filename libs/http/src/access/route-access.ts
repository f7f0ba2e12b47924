import { isScope, type Scope } from '@runnel/contracts'

/**
 * What a route asks of its callers. `public`: nothing. `signed-in`: any valid credentials. A scope, or several of which the
 * caller needs every one.
 */
export type RouteAccess = Scope | readonly Scope[] | 'public' | 'signed-in'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route has to declare it: an app with a route that does not is not built. */
    access?: RouteAccess
    /** Browsers ask people for a key here, also where people sign in at a page. */
    asksForKey?: boolean
    /** Pages of other sites may post here: what allows it is in the address, and nothing that the browser adds. */
    fromAnySite?: boolean
  }
}

/** @returns the scopes that a caller needs, none for `public` and `signed-in` */
export function scopesOf(access: RouteAccess): readonly Scope[] {
  if (typeof access !== 'string') return access
  return isScope(access) ? [access] : []
}
