import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'

export interface DocsOptions {
  readonly title: string
  readonly description: string
}

/** Swagger UI at /docs and the OpenAPI document at /docs/json, made from the routes' schemas. */
export async function addDocs(app: FastifyInstance, { title, description }: DocsOptions): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title, description, version: '0.1.0' } },
  })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
}
