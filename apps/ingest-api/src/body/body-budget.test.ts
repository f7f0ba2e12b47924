import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createLogger, createMetrics } from '@runnel/observability'
import { createHttpServer, type HttpServer } from '@runnel/http'
import { eventually } from '@runnel/testing'
import fc from 'fast-check'
import { connect, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { BodyBudget } from './body-budget.ts'

const KIB = 1024

describe('the budget of large bodies', () => {
  let app: HttpServer
  let budget: BodyBudget
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
    budget = new BodyBudget({
      totalBytes: 300 * KIB,
      peerBytes: 200 * KIB,
      peerOf: ({ headers }) => String(headers['x-peer'] ?? 'a'),
    })
    const plain = app as unknown as FastifyInstance
    plain.addHook('preParsing', (request, reply, body, done) =>
      budget.charge(request, reply, body as never, done as never),
    )
    plain.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    plain.post('/', { config: { access: 'public' } }, () => 'ok')
    url = await app.listen({ port: 0, host: '127.0.0.1' })
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await app.close()
  })

  /** A request that has announced a body and sends only the beginning of it. */
  const hang = (header: string, bytes = '', peer = 'a') => {
    const { port } = app.server.address() as AddressInfo
    const socket = connect(port, '127.0.0.1')
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.write(
      `POST / HTTP/1.1\r\nhost: localhost\r\nx-peer: ${peer}\r\ncontent-type: text/x\r\n${header}\r\n\r\n${bytes}`,
    )
    return socket
  }
  const post = (bytes: number, peer = 'a') =>
    fetch(url, {
      method: 'POST',
      body: 'x'.repeat(bytes),
      headers: { 'content-type': 'text/x', 'x-peer': peer },
    })

  it('charges nothing for what was announced and does not come', async () => {
    for (let i = 0; i < 26; i++) hang(`content-length: ${1024 * KIB}`)
    for (let i = 0; i < 25; i++) hang('transfer-encoding: chunked')
    await eventually(() => app.server.getConnections((_, count) => count))
    for (let i = 0; i < 10; i++) expect((await post(150 * KIB)).status).toBe(200)
  })

  it('charges what has come of a body, also of one of unknown size, until it is gone', async () => {
    const text = 'x'.repeat(100 * KIB)
    const sized = hang(`content-length: ${900 * KIB}`, text)
    const chunked = hang('transfer-encoding: chunked', `${(100 * KIB).toString(16)}\r\n${text}\r\n`, 'b')
    await eventually(() => budget.bytes === 200 * KIB)
    const refused = await post(110 * KIB)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect(await refused.json()).toMatchObject({ code: 'too_many_requests_of_peer' })
    expect(await (await post(150 * KIB, 'c')).json()).toMatchObject({ code: 'too_busy' })
    expect((await post(70 * KIB, 'c')).status).toBe(200)
    sized.destroy()
    chunked.destroy()
    await eventually(() => budget.bytes === 0)
    expect((await post(150 * KIB)).status).toBe(200)
  })

  it('lets small ones pass however many large ones are under way, and a single one of any size', async () => {
    expect((await post(500 * KIB)).status).toBe(200)
    hang(`content-length: ${900 * KIB}`, 'x'.repeat(200 * KIB))
    await eventually(() => budget.bytes === 200 * KIB)
    expect((await post(60 * KIB)).status).toBe(200)
  })
})

it('the budget never exceeds its limits by more than one body, and forgets peers that have nothing under way', () => {
  const step = fc.record({
    peer: fc.constantFrom('a', 'b', 'c'),
    bytes: fc.integer({ min: 1, max: 60 }),
    back: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const budget = new BodyBudget({ totalBytes: 100, peerBytes: 70, peerOf: () => '' })
      const held: { peer: string; bytes: number }[] = []
      for (const { peer, bytes, back } of steps) {
        const oldest = back ? held.shift() : undefined
        if (oldest) budget.giveBack(oldest.peer, oldest.bytes)
        else if (!budget.add(peer, bytes, 0)) held.push({ peer, bytes })
        const sum = held.reduce((all, one) => all + one.bytes, 0)
        expect(budget.bytes).toBe(sum)
        expect(sum).toBeLessThanOrEqual(100)
        expect(budget.peers).toBe(new Set(held.map((one) => one.peer)).size)
      }
    }),
  )
})
