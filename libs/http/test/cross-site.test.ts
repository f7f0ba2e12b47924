import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer(
    {},
    { allowedHosts: ['a.example', 'public.example'], trustedProxies: ['10.0.0.0/8'] },
  )
})
afterAll(() => server[Symbol.asyncDispose]())

const ask = (method: 'DELETE' | 'GET', headers: Record<string, string>, remoteAddress = '10.1.2.3') =>
  server.app.inject({ method, url: '/things/1', headers: { host: 'a.example', ...headers }, remoteAddress })

describe('a request that changes something', () => {
  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: 'http://a.example' },
    { origin: 'http://b.example' },
    { origin: 'http://a.example:81' },
    { origin: 'null' },
    { origin: 'http://a.example.evil' },
  ])('is refused to a page of another site: %j', async (headers) => {
    const response = await ask('DELETE', headers)
    expect([response.statusCode, response.json().code]).toEqual([403, 'cross_site'])
  })

  it.each([
    {},
    { 'sec-fetch-site': 'same-origin', origin: 'http://a.example' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://a.example' },
    { origin: 'https://public.example', 'x-forwarded-host': 'public.example' },
  ])('is taken from %j', async (headers) => {
    expect((await ask('DELETE', headers)).statusCode).toBe(200)
  })
})

it('believes the host of a proxy only where the proxy is trusted', async () => {
  const headers = { origin: 'https://public.example', 'x-forwarded-host': 'public.example' }
  expect((await ask('DELETE', headers, '10.9.9.9')).statusCode).toBe(200)
  expect((await ask('DELETE', headers, '::ffff:10.9.9.9')).statusCode).toBe(200)
  expect((await ask('DELETE', headers, '11.1.2.3')).json()).toMatchObject({ code: 'cross_site' })
})

it('allows every origin to read', async () => {
  expect((await ask('GET', { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(200)
})
