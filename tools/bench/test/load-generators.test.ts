import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findBinary } from '@runnel/services'
import { fastify } from 'fastify'
import { createAutocannon } from '../src/load/autocannon.ts'
import type { LoadGenerator } from '../src/load/load-generator.ts'
import { createWrk } from '../src/load/wrk.ts'

const BODY = '{"a":[1,2]}'

/** One route that wants exactly this body, and one that serves nobody. */
const server = fastify()
server.post('/echo', (request, reply) => reply.code(JSON.stringify(request.body) === BODY ? 202 : 400).send())
server.get('/busy', (_request, reply) => reply.code(503).send())

beforeAll(async () => {
  await server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => server.close())

const address = () => server.listeningOrigin

const wrk = findBinary('wrk')
const generators: [string, LoadGenerator][] = [['autocannon', createAutocannon()]]
if (wrk !== undefined) generators.push(['wrk', createWrk(wrk)])

describe.each(generators)('%s', (_name, generator) => {
  it('sends the body and measures', async () => {
    const result = await generator.run({ url: `${address()}/echo`, body: BODY }, 1)
    expect(result.requestsPerSecond).toBeGreaterThan(0)
    expect(result.p99Ms).toBeGreaterThanOrEqual(0)
    expect(result.errors).toBe(0)
  })

  it('counts what is refused', async () => {
    const { errors } = await generator.run({ url: `${address()}/busy` }, 1)
    expect(errors).toBeGreaterThan(0)
  })
})
