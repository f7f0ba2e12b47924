import { afterAll, expect, test } from '@jest/globals'
import type { Operations } from '@runnel/contracts/api/operations'
import { httpOptionsOf, readSettings, serviceSettings } from '@runnel/runtime'
import { startService, type Listener } from './forward-parts.ts'
import { startApi, type Api, type StartOptions } from './start-api.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()
const started: { server: { closeAllConnections(): void; close(): unknown } }[] = []

afterAll(() => {
  for (const { server } of started) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: Listener): Promise<string> {
  const service = await startService(listener)
  started.push(service)
  return service.url
}

const start = (options: Partial<StartOptions>): Promise<Api> =>
  startApi({ databaseUrl: suite.database.url, prefix: suite.prefix, ...options })

async function read(api: Api): Promise<Map<string, Operations['apps'][number]>> {
  const answer = await api.get('/api/v1/operations')
  expect(answer.statusCode).toBe(200)
  return new Map(answer.json<Operations>().apps.map((app) => [app.name, app]))
}

const DOCUMENT = JSON.stringify({
  paths: {
    '/api/v1/dead-letters': { get: { summary: 'Lists', security: [{ key: ['dead-letters:read'] }] } },
  },
})

test('operations of every app are listed, and why those of one are not known', async () => {
  let asked = ''
  const ingest = await serve(({ url }, response) => {
    asked = url!
    response.end(DOCUMENT)
  })
  const endless = await serve((_request, response) => {
    const write = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    }
    response.on('drain', write)
    write()
  })
  const broken = await serve((_request, response) => response.end('{"paths":'))
  const api = await start({
    services: { 'ingest-api': ingest, consumer: endless, 'message-dispatcher': broken },
  })
  const apps = await read(api)
  expect([...apps.keys()]).toEqual([
    'ingest-api',
    'consumer',
    'query-api',
    'message-dispatcher',
    'producer-sim',
  ])
  expect(asked).toBe('/docs/json')
  expect(apps.get('ingest-api')).toMatchObject({
    problem: null,
    docsUrl: `http://localhost:${new URL(ingest).port}/docs`,
    operations: [
      {
        ...{ method: 'GET', path: '/api/v1/dead-letters', summary: 'Lists' },
        ...{ scopes: ['dead-letters:read'], isPublic: false, isForwarded: true },
      },
    ],
  })
  for (const name of ['consumer', 'message-dispatcher'])
    expect(apps.get(name)).toMatchObject({ problem: 'its answer is malformed', operations: [] })
  // Its port is not published: no browser reaches it.
  expect(apps.get('consumer')?.docsUrl).toBeNull()
  expect(apps.get('producer-sim')?.problem).toBe('no process listens at its address')
  const own = apps.get('query-api')!
  expect(own).toMatchObject({ problem: null, docsUrl: '/docs', isCut: false })
  expect(own.operations.find(({ path }) => path === '/api/v1/logs')?.scopes).toEqual(['logs:read'])
  expect(own.operations.find(({ path }) => path === '/healthz')?.isPublic).toBe(true)
  await api.close()
})

test('with access control, the list needs a key, and nothing is asked without one', async () => {
  let asked = 0
  const ingest = await serve((_request, response) => {
    asked++
    response.end(DOCUMENT)
  })
  const { host, http, access, tls } = serviceSettings('query-api')
  const env = { AUTH: 'keys', IDENTITY_SECRET: 'a secret that is long enough for identities' }
  const options = httpOptionsOf(readSettings({ host, http, access, tls }, env), 'query-api')
  const api = await start({ services: { 'ingest-api': ingest }, httpOptions: { access: options.access } })
  expect((await api.get('/api/v1/operations')).statusCode).toBe(401)
  expect(asked).toBe(0)
  await api.close()
})
