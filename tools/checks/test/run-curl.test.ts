import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runCurl } from '../src/run-curl.ts'

const server = createServer((request, response) => {
  response.writeHead(request.url === '/missing' ? 404 : 200).end(`you asked for ${request.url}`)
})
const port = () => (server.address() as AddressInfo).port

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))

it('tells status and body, without the headers of -i', async () => {
  const result = await runCurl('curl -i localhost:1/a', port)
  expect(result).toEqual({ exitCode: 0, statuses: [200], body: 'you asked for /a', errors: '' })
})

it('keeps what a command assigns for the next ones', async () => {
  const variables = {}
  expect(await runCurl('id=$(curl localhost:1/7 | tail -c 1)', port, variables)).toMatchObject({
    statuses: [200],
  })
  expect((await runCurl('curl localhost:1/$id', port, variables)).body).toBe('you asked for /7')
})

it('fails when one of the requests does', async () => {
  const result = await runCurl('curl localhost:1/missing; curl localhost:1/a', port)
  expect(result).toMatchObject({ exitCode: 22, statuses: [404] })
})

it('fails when no process listens', async () => {
  const result = await runCurl('curl localhost:1/a', () => 1)
  expect(result).toMatchObject({ statuses: [0], body: '' })
  expect(result.exitCode).toBeGreaterThan(0)
  expect(result.errors).toMatch('Failed to connect')
})
