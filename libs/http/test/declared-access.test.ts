import { describe, expect, it } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { declareAccess, declaredRoutes, type HttpServer } from '../src/index.ts'
import { startServer } from './server.ts'

describe('access that routes declare', () => {
  it('does not build an app with a route that declares none', async () => {
    await using server = await createUnready()
    expect(() => server.app.get('/forgotten', () => ({}))).toThrow(
      'GET /forgotten does not declare who may use it',
    )
  })

  it('does not start an app with such a route in a plugin', async () => {
    await using server = await createUnready()
    void server.app.register(async (scope) => void scope.get('/forgotten', () => ({})))
    await expect(server.app.ready()).rejects.toThrow('/forgotten does not declare')
  })

  it('takes what a scope declares for routes that declare nothing, those of plugins within it too', async () => {
    await using server = await createUnready()
    void server.app.register(async (scope) => {
      declareAccess(scope as unknown as FastifyInstance, 'audit:read')
      scope.get('/outer', { config: { access: 'public' } }, () => ({}))
      await scope.register(async (inner) => void inner.get('/inner', () => ({})))
    })
    await server.app.ready()
    expect(accessOf(server.app, '/inner')).toEqual(['GET audit:read', 'HEAD audit:read'])
    expect(accessOf(server.app, '/outer')).toEqual(['GET public', 'HEAD public'])
  })

  it('knows the routes that every app has', async () => {
    await using server = await startServer()
    expect(accessOf(server.app, '/healthz')).toContain('GET public')
    expect(accessOf(server.app, '/readyz')).toContain('GET public')
    expect(accessOf(server.app, '/metrics')).toContain('GET metrics:scrape')
    expect(accessOf(server.app, '/docs/json')).toContain('GET signed-in')
    expect(accessOf(server.app, '/docs/static/*')).toContain('GET signed-in')
  })
})

async function createUnready() {
  return startServer({}, {}, false)
}

function accessOf(app: HttpServer, url: string): string[] {
  return declaredRoutes(app)
    .filter((route) => route.url === url)
    .map(({ method, access }) => `${method} ${String(access)}`)
    .sort()
}
