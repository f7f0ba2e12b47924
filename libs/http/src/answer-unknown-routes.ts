import { AppError } from '@runnel/contracts'
import createRouter, { type HTTPMethod } from 'find-my-way'
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'

const METHODS: readonly HTTPMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Answers requests that no route matches: 405 with Allow where another method would, else 404. A route for every address of one
 * part (`/:index`) is no route for those that others have: `/log` is known by its own methods alone.
 *
 * A second router (the one that Fastify itself uses) keeps the routes once more: Fastify only says whether a pattern
 * is registered, not which methods match a concrete path. Has to be called before any route is added.
 *
 * It answers before a body is read: at a wrong address, errors of the body do not matter.
 */
export function answerUnknownRoutes(app: FastifyInstance, ignoreTrailingSlash: boolean): void {
  const router = createRouter({ maxParamLength: 1024, ignoreTrailingSlash })
  const allowedAt = ({ url }: FastifyRequest) => {
    const path = url.split('?', 1)[0] ?? '/'
    return METHODS.filter((method) => router.find(method, path) !== null)
  }
  const refuseOthers = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => {
    const allowed = allowedAt(request)
    done(allowed.length === 0 ? undefined : refuseMethod(request, reply, allowed))
  }
  app.addHook('onRoute', (route) => {
    if (isForAnyAddress(route.url)) route.onRequest = [route.onRequest ?? [], refuseOthers].flat()
    else
      for (const one of [route.method].flat() as HTTPMethod[])
        if (!router.hasRoute(one, route.url)) router.on(one, route.url, () => undefined)
  })
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done()
    const allowed = allowedAt(request)
    if (allowed.length === 0) return done(new AppError('not_found', 'No route has this address'))
    done(refuseMethod(request, reply, allowed))
  })
}

function isForAnyAddress(url: string): boolean {
  return /^\/:[^/]+$/.test(url)
}

function refuseMethod({ method }: FastifyRequest, reply: FastifyReply, allowed: readonly string[]): AppError {
  const expected = allowed.join(', ')
  void reply.header('allow', expected)
  return new AppError('method_not_allowed', `${method} is not allowed here`, { field: 'method', expected })
}
