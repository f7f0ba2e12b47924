import type { FastifyInstance, RouteOptions } from 'fastify'
import type { RouteAccess } from './route-access.ts'

/** Scopes inherit from the one around them, and with it this property. */
const OF_SCOPE = Symbol('the access of routes that declare none themselves')

const ROUTES = Symbol('the routes of an app')

interface ScopeWithAccess {
  [OF_SCOPE]?: RouteAccess
  [ROUTES]?: readonly DeclaredRoute[]
}

/** One route of an app with what it asks of its callers. */
export interface DeclaredRoute {
  readonly method: string
  readonly url: string
  readonly access: RouteAccess
}

/** For plugins, whose routes cannot declare anything: everything in a scope that declares nothing itself asks for this. */
export function declareAccess(scope: FastifyInstance, access: RouteAccess): void {
  ;(scope as ScopeWithAccess)[OF_SCOPE] = access
}

/** @returns every route of an app, in the order in which they were added */
export function declaredRoutes(app: object): readonly DeclaredRoute[] {
  return (app as ScopeWithAccess)[ROUTES] ?? []
}

/** Refuses to build an app with a route that does not say who may use it. Has to be called before any route is added. */
export function requireDeclaredAccess(app: FastifyInstance): void {
  const routes: DeclaredRoute[] = []
  ;(app as ScopeWithAccess)[ROUTES] = routes
  app.addHook('onRoute', function (this: FastifyInstance, route: RouteOptions) {
    const access = route.config?.access ?? (this as ScopeWithAccess)[OF_SCOPE]
    const methods = [route.method].flat()
    if (access === undefined)
      throw new Error(
        `${methods.join(', ')} ${route.url} does not declare who may use it: give the route config: { access: ... }, see RouteAccess`,
      )
    route.config = { ...route.config, access }
    for (const method of methods) routes.push({ method, url: route.url, access })
  })
}
