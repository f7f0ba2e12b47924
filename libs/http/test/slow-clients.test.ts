import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createLogger, createMetrics, type Metrics } from '@runnel/observability'
import { eventually } from '@runnel/testing'
import { connect, type Socket } from 'node:net'
import { createHttpServer, DEFAULT_HTTP_OPTIONS, type HttpServer } from '../src/index.ts'
import { listen } from './server.ts'

const MIB = 1024 ** 2

describe('slow clients', () => {
  let app: HttpServer
  let metrics: Metrics
  let port: number
  let begun = 0
  const sockets: Socket[] = []

  beforeEach(async () => {
    metrics = createMetrics('test')
    begun = 0
    app = await createHttpServer({
      log: createLogger('test', 'silent'),
      metrics,
      docs: { title: 'Test', description: 'Test' },
      checks: {},
      signal: new AbortController().signal,
      bodyLimitBytes: MIB,
      http: {
        ...DEFAULT_HTTP_OPTIONS,
        clients: { slowMs: 300, slowBytes: 1024, waitingBytes: 40 * MIB },
      },
    })
    app.post('/', { config: { access: 'public' } }, () => ({}))
    app.get('/answer/:mib', { config: { access: 'public' } }, ({ params }) => {
      begun++
      return Buffer.alloc(Number((params as { mib: string }).mib) * MIB, 'x')
    })
    port = await listen(app)
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await app.close()
  })

  function send(text: string) {
    const socket = connect(port, '127.0.0.1')
    sockets.push(socket)
    const heard = { socket, text: '', bytes: 0, closed: false }
    const onData = (piece: Buffer) => {
      heard.bytes += piece.length
      heard.text += piece.toString('latin1').slice(0, 4000)
    }
    socket.on('error', () => undefined).on('close', () => (heard.closed = true))
    socket.write(text)
    return Object.assign(heard, { read: () => socket.on('data', onData).resume() })
  }
  const ended = async (reason: string) => {
    const line = new RegExp(`^runnel_http_slow_clients_total\\{.*reason="${reason}".*\\} (\\d+)$`, 'm')
    return Number(line.exec(await metrics.metrics())?.[1] ?? 0)
  }
  const head = (method: string, path: string, ...headers: string[]) =>
    [`${method} ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n')

  it.each(['Content-Length: 1000', 'Transfer-Encoding: chunked'])(
    'are answered 408 where a body with %s does not come, and the connection ends',
    async (header) => {
      const client = send(head('POST', '/', 'Content-Type: application/json', header))
      client.read()
      await eventually(() => client.closed)
      expect(client.text).toMatch(/^HTTP\/1.1 408 /)
      expect(client.text).toContain('"code":"body_too_slow"')
      expect(await ended('body')).toBe(1)
    },
  )

  it('are cut where they do not take an answer; one that reads gets all of it', async () => {
    const slow = send(head('GET', '/answer/16'))
    const good = send(head('GET', '/answer/16'))
    good.read()
    await eventually(() => good.bytes > 16 * MIB)
    await eventually(async () => (await ended('reader')) === 1)
    slow.read()
    await eventually(() => slow.closed)
    expect(slow.bytes).toBeLessThan(16 * MIB)
    expect(good.closed).toBe(false)
  })

  it('have few requests of a connection at work, however many come in one packet', async () => {
    const client = send(head('GET', '/answer/1').repeat(300))
    await eventually(() => begun > 0)
    // Those at work, and those whose answers the buffers of the kernel have taken.
    expect(begun).toBeLessThan(30)
    client.read()
    await eventually(() => client.bytes > 300 * MIB)
    expect(begun).toBe(300)
    expect(await ended('reader')).toBe(0)
  })

  it('cost no more memory together than they may, the one with the most first', async () => {
    const small = send(head('GET', '/answer/16'))
    const large = send(head('GET', '/answer/60'))
    await eventually(async () => (await ended('memory')) + (await ended('reader')) > 0)
    large.read()
    small.read()
    await eventually(() => large.closed)
    expect(large.bytes).toBeLessThan(60 * MIB)
  })
})
