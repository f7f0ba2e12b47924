import { AppError } from '@runnel/contracts'
import createRouter, { type HTTPMethod } from 'find-my-way'
import type { FastifyInstance } from 'fastify'

const METHODS: readonly HTTPMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Answers requests that no route matches: 405 with Allow where another method would, else 404.
 *
 * A second router (the one that Fastify itself uses) keeps the routes once more: Fastify only says whether a pattern
 * is registered, not which methods match a concrete path. Has to be called before any route is added.
 *
 * It answers before a body is read: at a wrong address, errors of the body do not matter.
 */
export function answerUnknownRoutes(app: FastifyInstance, ignoreTrailingSlash: boolean): void {
  const router = createRouter({ maxParamLength: 1024, ignoreTrailingSlash })
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat() as HTTPMethod[]) {
      if (!router.hasRoute(one, url)) router.on(one, url, () => undefined)
    }
  })
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done()
    const path = request.url.split('?', 1)[0] ?? '/'
    const allowed = METHODS.filter((method) => router.find(method, path) !== null)
    if (allowed.length === 0) return done(new AppError('not_found', 'No route has this address'))
    void reply.header('allow', allowed.join(', '))
    done(
      new AppError('method_not_allowed', `${request.method} is not allowed here`, {
        field: 'method',
        expected: allowed.join(', '),
      }),
    )
  })
}
