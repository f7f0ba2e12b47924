import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findBinary } from '@runnel/testing'
import { fastify } from 'fastify'
import { createAutocannon } from '../src/load/autocannon.ts'
import { IdWalk } from '../src/load/id-walk.ts'
import type { LoadGenerator } from '../src/load/load-generator.ts'
import { createWrk } from '../src/load/wrk.ts'

const BODY = '{"a":[1,2]}'

/** One route that wants exactly this body, and one that answers no request. */
const server = fastify()
server.post('/echo', (request, reply) => reply.code(JSON.stringify(request.body) === BODY ? 202 : 400).send())
const asked: number[] = []
server.get<{ Params: { id: string } }>('/things/:id/parts', (request, reply) => {
  asked.push(Number(request.params.id))
  return reply.send()
})
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

  it('sends at a rate, where one is given', async () => {
    const fast = await generator.run({ url: `${address()}/echo`, body: BODY }, 1)
    const perSecond = fast.requestsPerSecond / 10
    const paced = await generator.run({ url: `${address()}/echo`, body: BODY, perSecond }, 1)
    expect(paced.requests).toBeGreaterThan(0)
    expect(paced.requests).toBeLessThan(fast.requests / 2)
    expect(paced.errors).toBe(0)
  })

  it('walks through ids, in a second run too', async () => {
    const ids = new IdWalk(1_000_000)
    asked.length = 0
    for (let run = 0; run < 2; run++) {
      const { requests, errors } = await generator.run({ url: `${address()}/things/{id}/parts`, ids }, 1)
      expect({ errors, requests: requests > 0 }).toEqual({ errors: 0, requests: true })
    }
    expect(new Set(asked).size).toBe(asked.length)
    expect(Math.max(...asked.slice(0, 1000))).toBeLessThanOrEqual(ids.count)
    expect(ids.place).toBeGreaterThanOrEqual(asked.length)
  })

  it('counts what is refused', async () => {
    const { errors } = await generator.run({ url: `${address()}/busy` }, 1)
    expect(errors).toBeGreaterThan(0)
  })
})
