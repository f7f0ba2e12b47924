import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { Type } from 'typebox'
import { startServer, type TestServer } from './server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

interface OpenApiOperation {
  readonly summary?: string
  readonly description?: string
  readonly responses?: object
  readonly security?: object[]
  readonly parameters?: object[]
}

interface OpenApi {
  readonly openapi: string
  readonly info: object
  readonly components: { readonly securitySchemes: object }
  readonly paths: Record<string, Record<string, OpenApiOperation>>
}

/** Label sets of the request histogram. */
async function requestLabels(): Promise<Record<string, string>[]> {
  const text = (await server.app.inject('/metrics')).body
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('runnel_http_request_duration_seconds_count'))
  return lines.map((line) =>
    Object.fromEntries([...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value])),
  )
}

describe('/metrics', () => {
  it('has the pattern of a route, the method and the status', async () => {
    await server.app.inject('/things/17')
    await server.app.inject('/things/18?x=1')
    await server.app.inject({ method: 'POST', url: '/things', payload: '{' })
    await eventually(async () => {
      const labels = await requestLabels()
      expect(labels).toContainEqual({ app: 'test', method: 'GET', route: '/things/:id', status: '200' })
      expect(labels).toContainEqual({ app: 'test', method: 'POST', route: '/things', status: '415' })
      return true
    })
  })

  it('does not grow with the addresses that no route serves', async () => {
    const methods = ['GET', 'PUT', 'PROPFIND', 'OPTIONS'] as const
    const visit = async (round: number) => {
      for (const method of methods) {
        await server.app.inject({ method: method as 'GET', url: `/secret-${round}` })
        await server.app.inject({ method: method as 'GET', url: `/%zz${round}` })
      }
    }
    await visit(0)
    const before = await requestLabels()
    for (let round = 1; round < 50; round++) await visit(round)
    expect(await requestLabels()).toHaveLength(before.length)
    expect((await server.app.inject('/metrics')).body).not.toContain('secret')
  })

  it('is text that Prometheus reads', async () => {
    const answer = await server.app.inject('/metrics')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4')
  })
})

describe('/docs', () => {
  it('shows the routes to people', async () => {
    const answer = await server.app.inject('/docs')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toContain('text/html')
    expect(answer.headers['content-security-policy']).toBeDefined()
  })

  it('describes every route in OpenAPI 3.1, with a summary and responses', async () => {
    const document = (await server.app.inject('/docs/json')).json<OpenApi>()
    expect(document.openapi).toMatch(/^3\.1\./)
    expect(document.info).toMatchObject({ title: 'Test', description: 'Routes for tests' })
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/things/{id}', '/things', '/healthz', '/readyz', '/metrics']),
    )
    for (const operations of Object.values(document.paths)) {
      for (const { summary, responses } of Object.values(operations)) {
        expect(summary).toEqual(expect.stringMatching(/\w+/))
        expect(Object.keys(responses ?? {})).not.toHaveLength(0)
      }
    }
  })

  it('says how to prove who asks, and the scope that each route needs', async () => {
    const { paths, components } = (await server.app.inject('/docs/json')).json<OpenApi>()
    expect(Object.keys(components.securitySchemes)).toEqual(['key', 'keyAsPassword', 'keyHeader'])
    expect(paths['/metrics']?.['get']).toMatchObject({
      security: [
        { key: ['metrics:scrape'] },
        { keyAsPassword: ['metrics:scrape'] },
        { keyHeader: ['metrics:scrape'] },
      ],
      description: 'Needs the scope `metrics:scrape`.',
    })
    expect(paths['/healthz']?.['get']).toMatchObject({ security: [], description: 'Needs no key.' })
  })

  it('asks for no parameter that has a default', async () => {
    await using listing = await startServer({}, {}, false)
    const limit = Type.Integer({ minimum: 1, default: 20 })
    listing.app.get('/list', {
      config: { access: 'public' },
      schema: { summary: 'A list', querystring: Type.Object({ of: Type.String(), limit }) },
      handler: ({ query }) => query,
    })
    await listing.app.ready()
    const { paths } = (await listing.app.inject('/docs/json')).json<OpenApi>()
    expect(paths['/list']?.['get']?.parameters).toMatchObject([
      { name: 'of', required: true },
      { name: 'limit', required: false, schema: { default: 20 } },
    ])
    expect((await listing.app.inject('/list?of=x')).json()).toEqual({ of: 'x', limit: 20 })
  })
})
