import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createLogger, createMetrics } from '@runnel/observability'
import { createHttpServer, type HttpServer } from '@runnel/http'
import { eventually } from '@runnel/testing'
import { connect, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { createBodyBudget } from './body-budget.ts'

const KIB = 1024

describe('the budget of large bodies', () => {
  let app: HttpServer
  let url: string
  const sockets: Socket[] = []

  beforeEach(async () => {
    app = await createHttpServer({
      log: createLogger('test', 'silent'),
      metrics: createMetrics('test'),
      docs: { title: 'test', description: 'test' },
      checks: {},
      signal: new AbortController().signal,
      bodyLimitBytes: 1024 * KIB,
    })
    const plain = app as unknown as FastifyInstance
    plain.addHook('onRequest', createBodyBudget({ totalBytes: 300 * KIB, unknownBytes: 200 * KIB }))
    plain.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    plain.post('/', () => 'ok')
    url = await app.listen({ port: 0 })
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await app.close()
  })

  /** A request that has announced a body and does not send it. */
  const hang = (header: string) =>
    new Promise<Socket>((resolve) => {
      const { port } = app.server.address() as AddressInfo
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-type: text/x\r\n${header}\r\n\r\n`, () =>
          resolve(socket),
        )
      })
      sockets.push(socket)
    })
  const post = (bytes: number, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', body: 'x'.repeat(bytes), headers: { 'content-type': 'text/x', ...headers } })
  const untilAnswered = (status: number, bytes: number) =>
    eventually(async () => (await post(bytes)).status === status)

  it('refuses one that does not fit beside those under way, and takes it once they are gone', async () => {
    const socket = await hang(`content-length: ${200 * KIB}`)
    await untilAnswered(429, 150 * KIB)
    const refused = await post(150 * KIB)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await refused.json()).toMatchObject({ code: 'too_busy' })
    socket.destroy()
    await untilAnswered(200, 150 * KIB)
  })

  it('counts a chunked and a compressed one as what they may become', async () => {
    await hang('transfer-encoding: chunked')
    await untilAnswered(429, 150 * KIB)
    expect((await post(200, { 'content-encoding': 'gzip' })).status).toBe(429)
    expect((await post(10, { 'content-encoding': 'br' })).status).toBe(429)
  })

  it('counts a short body as no more than deflate can make of it', async () => {
    await hang(`content-length: ${290 * KIB}`)
    await untilAnswered(429, 150 * KIB)
    expect((await post(60, { 'content-encoding': 'gzip' })).status).toBe(200)
    expect((await post(70, { 'content-encoding': 'deflate' })).status).toBe(429)
  })

  it('lets small ones pass however many large ones are under way', async () => {
    await hang(`content-length: ${290 * KIB}`)
    await untilAnswered(429, 150 * KIB)
    expect((await post(60 * KIB)).status).toBe(200)
  })
})
