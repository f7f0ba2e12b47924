import type { FastifyInstance } from 'fastify'
import type { HttpServer } from './create-http-server.ts'

/** The OpenAPI document of an app that is ready, as its /docs/json serves it. */
export function documentOf(app: HttpServer): object {
  return (app as unknown as FastifyInstance).swagger()
}
