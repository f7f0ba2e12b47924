import { afterEach, expect, test } from '@jest/globals'
import { startApi, type Api, type StartOptions } from './start-api.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()

let api: Api
afterEach(() => api.close())

const addressesFor = async (host: string, options: Partial<StartOptions> = {}) => {
  api = await startApi({ databaseUrl: suite.database.url, prefix: suite.prefix, ...options })
  return (await api.get('/api/v1/addresses', { host })).json<object>()
}

test('ingest-api is where its port is, at the host that the caller used', async () => {
  const services = { 'ingest-api': 'http://ingest-api:8080' }
  expect(await addressesFor('localhost:8000', { services })).toEqual({ ingest: 'http://localhost:8080' })
})

test('an address without a port has none either', async () => {
  const services = { 'ingest-api': 'https://ingest.internal' }
  expect(await addressesFor('[::1]:8000', { services })).toEqual({ ingest: 'https://[::1]' })
})

test('ingest-api is where the settings say that clients reach it', async () => {
  const ingestPublicUrl = 'https://ingest.example.com/'
  expect(await addressesFor('localhost:8000', { ingestPublicUrl })).toEqual({
    ingest: 'https://ingest.example.com',
  })
})
