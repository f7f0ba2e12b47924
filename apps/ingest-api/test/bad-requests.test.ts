import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@runnel/testing'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { connect } from 'node:net'
import { badRequest, randomBytes, type BadRequest } from './bad-request.ts'
import { startIngest, type Answer, type Ingest } from './ingest.ts'

const REQUESTS = 10_000
const SEED = 20_260_101

let database: TestDatabase
let ingest: Ingest

beforeAll(async () => {
  database = await createTestDatabase()
  ingest = await startIngest({
    databaseUrl: database.url,
    env: { BODY_LIMIT_BYTES: '20000', STORED_WAIT_MS: '20' },
  })
})

afterAll(async () => {
  await ingest[Symbol.asyncDispose]()
  await database.drop()
})

/** What is wrong with an answer to whatever was asked; undefined when nothing is. */
function complaint(answer: Answer): string | undefined {
  const { statusCode, headers, body } = answer
  if (statusCode < 400) return statusCode < 300 || statusCode === 302 ? undefined : `status ${statusCode}`
  if (statusCode === 500) return 'status 500'
  // Routes of Elasticsearch, `/` among them, have errors in its own form.
  if (headers['x-elastic-product'] !== undefined && body !== '') {
    const { status } = JSON.parse(body) as { status: unknown }
    return status === statusCode ? undefined : `status ${String(status)} in the body`
  }
  if (headers['content-type'] !== 'application/problem+json; charset=utf-8') {
    return `content type ${String(headers['content-type'])}`
  }
  if (body === '') return answer.raw.req.method === 'HEAD' ? undefined : 'no body'
  const problem = JSON.parse(body) as Record<string, unknown>
  if (problem['status'] !== statusCode) return `status ${String(problem['status'])} in the body`
  if (typeof problem['code'] !== 'string' || problem['code'] === 'internal')
    return `code ${String(problem['code'])}`
  if (typeof problem['detail'] !== 'string' || typeof problem['title'] !== 'string') return 'no detail'
  if (statusCode === 405 && !headers.allow) return 'no Allow'
  if ((statusCode === 503 || statusCode === 429) && !headers['retry-after']) return 'no Retry-After'
  return undefined
}

async function send(request: BadRequest): Promise<string | undefined> {
  const answer = await ingest.inject(request as InjectOptions)
  return complaint(answer)
}

// An unhandled rejection fails the test in which it happens: Jest sees to that.
describe(`${REQUESTS} bad requests`, () => {
  it('are all answered with a problem, never with 500, and crash nothing', async () => {
    const statuses = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(badRequest, async (request) => {
        const answer = await ingest.inject(request as InjectOptions)
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1)
        expect(complaint(answer)).toBeUndefined()
      }),
      { seed: SEED, numRuns: REQUESTS },
    )
    // The mixture reaches every way out, and most of it is bad.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([202, 400, 404, 405, 413, 415]))
    const bad = [...statuses].filter(([status]) => status >= 400).reduce((sum, [, count]) => sum + count, 0)
    expect(bad).toBeGreaterThan(REQUESTS * 0.7)
    expect((await ingest.post('/log', {})).statusCode).toBe(202)
  }, 600_000)

  it('of a kind that would take long end at a limit', async () => {
    const deep = '['.repeat(9000)
    const bodies = [
      deep,
      `[${deep}]`,
      `{"a":${deep}9007199254740993`,
      '{"a":'.repeat(3000),
      '9'.repeat(19_000),
    ]
    for (const payload of bodies) {
      for (const url of ['/log', '/api/v1/metrics', '/api/v1/products', '/api/v1/dead-letters/replay']) {
        const headers = { 'content-type': 'application/json' }
        expect(await send({ method: 'POST', url, headers, payload: Buffer.from(payload) })).toBeUndefined()
      }
    }
  })
})

it('random bytes on a socket crash nothing', async () => {
  await ingest.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = ingest.app.server.address() as { port: number }
  await fc.assert(
    fc.asyncProperty(randomBytes, async (bytes) => {
      const text = await converse(port, bytes)
      if (text !== '') expect(text).toMatch(/^HTTP\/1\.1 \d{3} /)
      expect(text).not.toMatch(/^HTTP\/1\.1 500/)
    }),
    { seed: SEED, numRuns: 300 },
  )
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
})

/** Everything that the server says before it, or we, hang up. */
function converse(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let text = ''
    socket.setEncoding('latin1').on('data', (part) => (text += String(part)))
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(text))
    socket.end(bytes)
  })
}
