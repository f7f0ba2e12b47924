import { afterAll, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { TestKeys, withKeys } from './keys.ts'
import { listen, sendBytes, startServer, type TestServer } from './server.ts'

const keys = new TestKeys()
const right = keys.add(['logs:read'])
const wrong = new TestKeys().add(['logs:read'])

let server: TestServer
let port: number

beforeAll(async () => {
  server = await startServer({}, { ...withKeys(keys), trustedProxies: ['127.0.0.1'] }, false)
  server.app.get('/logs', { config: { access: 'logs:read' } }, () => 'logs')
  await server.app.ready()
  port = await listen(server.app)
})

afterAll(() => server[Symbol.asyncDispose]())

let requests = 0

/** Each comes from another address, as wrong credentials of one are limited. */
function get(headers: readonly string[]) {
  const from = `X-Forwarded-For: 192.0.2.${requests++ % 256}`
  const head = ['GET /logs HTTP/1.1', 'Host: localhost', 'Connection: close', from, ...headers]
  return sendBytes(port, `${head.join('\r\n')}\r\n\r\n`)
}

const name = fc.constantFrom('Authorization', 'authorization', 'AUTHORIZATION')
const key = fc.constantFrom(right, wrong)
const value = fc.oneof(
  fc
    .tuple(fc.constantFrom('Bearer', 'bearer', 'Splunk', 'Token', 'ApiKey'), key)
    .map((parts) => parts.join(' ')),
  key.map((text) => `Basic ${btoa(`anyone:${text}`)}`),
  key.map((text) => `ApiKey ${btoa(`id:${text}`)}`),
)
const authorization = fc.tuple(name, value).map((parts) => parts.join(': '))

it('answers 401 where Authorization came more than once, whatever each of them holds, and says so', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(authorization, { minLength: 2, maxLength: 4 }), async (headers) => {
      const { status, body } = await get(headers)
      expect([status, JSON.parse(body)]).toMatchObject([
        401,
        { code: 'unauthenticated', detail: expect.stringContaining('more than once') },
      ])
    }),
    { numRuns: 50 },
  )
})

it.each(['Digest a="b", c="d"', 'Bearer', 'Negotiate x', ''])(
  'does not take a key that follows another Authorization: %s',
  async (other) => {
    for (const headers of [
      [`Authorization: ${other}`, `Authorization: Bearer ${right}`],
      [`Authorization: Bearer ${right}`, `Authorization: ${other}`],
    ])
      expect((await get(headers)).status).toBe(401)
  },
)

it.each(['X-Api-Key', 'api-key', 'DD-API-KEY'])('takes %s once', async (header) => {
  const once = `${header}: ${right}`
  expect((await get([once])).status).toBe(200)
  expect((await get([once, once])).status).toBe(401)
  expect((await get([once, `${header}: ${wrong}`])).status).toBe(401)
})

it('takes a key of another header beside credentials with commas, which are not for Runnel', async () => {
  const ofProxy = 'Authorization: Digest username="proxy", realm="other"'
  expect((await get([ofProxy, `X-Api-Key: ${right}`])).status).toBe(200)
})
