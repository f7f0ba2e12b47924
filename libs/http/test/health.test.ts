import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { connect } from 'node:net'
import { listen, startServer } from './server.ts'

describe('/readyz', () => {
  it('is 200 while every check passes, and /healthz with it', async () => {
    await using server = await startServer({ broker: () => undefined, database: async () => undefined })
    for (const url of ['/readyz', '/healthz']) {
      const answer = await server.app.inject(url)
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toEqual({ status: 'ok' })
    }
  })

  it('names the checks that fail, while /healthz stays 200', async () => {
    await using server = await startServer({
      broker: () => {
        throw new Error('the broker is away')
      },
      database: () => Promise.reject(new Error('not migrated')),
      cache: () => undefined,
    })
    const answer = await server.app.inject('/readyz')
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toEqual({
      status: 'unready',
      failures: { broker: 'the broker is away', database: 'not migrated' },
    })
    expect((await server.app.inject('/healthz')).statusCode).toBe(200)
  })

  it('does not wait for a check that hangs', async () => {
    await using server = await startServer({ database: () => new Promise(() => undefined) })
    const answer = await server.app.inject('/readyz')
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({
      failures: { database: expect.stringContaining('no answer within') },
    })
  })

  it('is 503 from the beginning of the drain on, while /healthz stays 200', async () => {
    await using server = await startServer()
    server.drain()
    expect((await server.app.inject('/readyz')).json()).toEqual({
      status: 'unready',
      failures: { process: 'draining' },
    })
    expect((await server.app.inject('/healthz')).statusCode).toBe(200)
  })

  it('asks again each time', async () => {
    let up = false
    await using server = await startServer({
      broker: () => {
        if (!up) throw new Error('away')
      },
    })
    expect((await server.app.inject('/readyz')).statusCode).toBe(503)
    up = true
    expect((await server.app.inject('/readyz')).statusCode).toBe(200)
  })
})

describe('a closing server', () => {
  it('finishes what is under way, serves what still comes over that connection, and then ends it', async () => {
    const gate = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    const server = await startServer({
      slow: () => {
        asked.resolve()
        return gate.promise
      },
    })
    const port = await listen(server.app)
    const socket = connect({ port, host: '127.0.0.1' })
    let text = ''
    socket.setEncoding('utf8').on('data', (part) => (text += String(part)))
    const ended = new Promise((resolve) => socket.once('close', resolve))
    const get = (url: string) => socket.write(`GET ${url} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    get('/readyz')
    await asked.promise
    const closing = server.app.close()
    await eventually(() => !server.app.server.listening)
    get('/things/7')
    get('/nowhere')
    gate.resolve()
    await Promise.all([closing, ended])
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)
    expect(statuses.slice(0, 2)).toEqual(['200', '200'])
    expect(text).toMatch(/connection: close/i)
    expect(text).toContain('{"id":7}')
  })
})
