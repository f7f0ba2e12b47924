import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { listen, sendBytes, startServer, type TestServer } from './server.ts'

let server: TestServer
let port: number
beforeAll(async () => {
  server = await startServer()
  port = await listen(server.app)
})
afterAll(() => server[Symbol.asyncDispose]())

const get = (target: string, host = 'localhost') =>
  `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`

it.each([
  ['a route', get('/things/7')],
  ['health', get('/healthz')],
  ['metrics', get('/metrics')],
  ['the documentation', get('/docs/')],
  ['a file of it', get('/docs/static/swagger-ui.css')],
  ['its description', get('/docs/json')],
  ['an unknown address', get('/nowhere')],
  ['a malformed address', get('/%')],
  ['another method', get('/things/7').replace('GET', 'PUT')],
  ['a name that is not allowed', get('/things/7', 'evil.example')],
  ['an error of the app', get('/fail/internal')],
  ['a crash', get('/crash')],
  ['a redirect', get('/docs/static/index.html')],
  ['an expectation', get('/things/7').replace('\r\nConn', '\r\nExpect: x\r\nConn')],
  ['no HTTP at all', 'hello\r\n\r\n'],
])('the answer of %s may not be framed, nor taken for another type', async (_, bytes) => {
  const { headers } = await sendBytes(port, bytes)
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'content-security-policy': expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'$/),
  })
})

it('the documentation loads nothing from elsewhere, and nothing as https that is asked for as http', async () => {
  for (const path of ['/docs', '/docs/', '/docs/static/swagger-initializer.js']) {
    const { headers } = await server.app.inject(path)
    const policy = String(headers['content-security-policy'])
    expect(policy).not.toMatch(/https:|\.io|upgrade-insecure-requests|unsafe-eval|script-src[^;]*unsafe/)
  }
  expect((await server.app.inject('/docs/static/swagger-initializer.js')).body).toContain(
    '"validatorUrl":null',
  )
})
