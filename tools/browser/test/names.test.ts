import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHttpServer, DEFAULT_HTTP_OPTIONS, type HttpServer } from '@runnel/http'
import { createLogger, createMetrics } from '@runnel/observability'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../src/index.ts'

/** Both lead to this machine, as a name server of an attacker would have it. */
const ARGS = ['--host-resolver-rules=MAP runnel.example 127.0.0.1, MAP evil.example 127.0.0.1']

let app: HttpServer
let browser: Browser
let changes = 0

beforeAll(async () => {
  app = await createHttpServer({
    log: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    docs: { title: 'Names', description: 'Routes for tests' },
    checks: {},
    signal: new AbortController().signal,
    bodyLimitBytes: 1000,
    http: { ...DEFAULT_HTTP_OPTIONS, allowedHosts: ['runnel.example'] },
  })
  app.get('/secret', { config: { access: 'public' } }, () => 'secret')
  app.post('/change', { config: { access: 'public' } }, () => ({ changes: ++changes }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  browser = await launchChromium(ARGS)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
}, 60_000)

async function open(host: string, path: string): Promise<{ page: Page; troubles: string[] }> {
  const page = await browser.newPage()
  const troubles: string[] = []
  const { port } = app.server.address() as AddressInfo
  const origin = `http://${host}:${port}/`
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) troubles.push(request.url())
  })
  await page.goto(origin + path)
  return { page, troubles }
}

describe('the documentation', () => {
  it.each(['127.0.0.1', 'runnel.example'])(
    'is shown on http://%s, and loads nothing from elsewhere',
    async (host) => {
      const { page, troubles } = await open(host, 'docs')
      await page.getByText('/secret').waitFor()
      await page.getByRole('heading', { name: 'Names' }).waitFor()
      expect(troubles).toEqual([])
      await page.close()
    },
  )
})

it('a page whose name was pointed at this machine reads nothing and changes nothing', async () => {
  const { page } = await open('evil.example', 'docs')
  const ask = (path: string, method: string) =>
    page.evaluate(
      async (init) => {
        const response = await fetch(init.path, { method: init.method })
        return [response.status, await response.text()] as const
      },
      { path, method },
    )
  expect(await ask('/secret', 'GET')).toEqual([421, expect.not.stringContaining('"secret"')])
  expect(await ask('/change', 'POST')).toEqual([421, expect.stringContaining('ALLOWED_HOSTS')])
  expect(changes).toBe(0)
  await page.close()
})
