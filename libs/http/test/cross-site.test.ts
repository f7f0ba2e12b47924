import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const ask = (method: 'DELETE' | 'GET', headers: Record<string, string>) =>
  server.app.inject({ method, url: '/things/1', headers: { host: 'a.example', ...headers } })

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

it('allows every origin to read', async () => {
  expect((await ask('GET', { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(200)
})
