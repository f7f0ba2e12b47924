import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Scope } from '@runnel/contracts'
import { eventually } from '@runnel/testing'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { createSignFor, EventStream, sendEvents, type Principal } from '../src/index.ts'
import { idOf, TestKeys, withKeys } from './keys.ts'
import { listen, startServer, type TestServer } from './server.ts'

class SilentStream extends EventStream {
  protected override takeWaiting(): undefined {
    return undefined
  }
}

describe('what takes long', () => {
  let server: TestServer
  let keys: TestKeys
  let port: number
  /** Of uploads, by their keys: whether their bodies were cut. */
  let cutUploads: Set<unknown>
  const sockets: Socket[] = []

  beforeEach(async () => {
    keys = new TestKeys()
    cutUploads = new Set()
    server = await startServer({}, withKeys(keys), false)
    const { app } = server
    const config = { access: 'logs:read' } as const
    app.get('/events', { config }, (_request, reply) => sendEvents(reply, new SilentStream()))
    app.get('/file', { config }, (_request, reply) => {
      const file = new Readable({ read: () => undefined })
      file.push('half of it')
      return reply.send(file as never)
    })
    app.get('/wait', { config }, () => new Promise(() => undefined))
    app.get('/public', { config: { access: 'public' } }, () => new Promise(() => undefined))
    await app.register(async (scope) => {
      scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
      scope.post('/upload', { config }, ({ raw, principal: { id } }) => {
        raw.once('close', () => cutUploads.add(id)).resume()
        return new Promise(() => undefined)
      })
    })
    await app.ready()
    port = await listen(app)
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await server[Symbol.asyncDispose]()
  })

  /** A request whose body never ends where it has one. @returns its end */
  const begin = (path: string, headers: Readonly<Record<string, string>>) => {
    const [method, more] = path === '/upload' ? ['POST', 'Content-Length: 5000\r\n'] : ['GET', '']
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const socket = connect(port, '127.0.0.1')
    sockets.push(socket)
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${more}${lines.join('')}\r\n`)
    const state = { isCut: false, text: '' }
    socket.on('data', (data) => (state.text += String(data))).on('error', () => undefined)
    socket.once('close', () => (state.isCut = true))
    return state
  }
  const checks = (key: string) => keys.used.filter((id) => id === idOf(key)).length

  it.each(['/events', '/file', '/wait', '/upload'])('%s is cut once its key was revoked', async (path) => {
    const [key, other] = [keys.add(['logs:read']), keys.add(['logs:read'])]
    const [state, untouched] = [key, other].map((text) => begin(path, { 'x-api-key': text }))
    await eventually(() => checks(key) >= 3 && checks(other) >= 3)
    expect([state!.isCut, untouched!.isCut]).toEqual([false, false])
    keys.change(key, { revokedAtMs: 1 })
    await eventually(() => state!.isCut)
    // A part is never taken for the whole.
    expect(state!.text).not.toMatch(/\r\n0\r\n\r\n$/)
    // It was let in, and is not counted as refused besides.
    await eventually(() => keys.counts.get(idOf(key))?.requests === 1)
    expect(keys.counts.get(idOf(key))).toMatchObject({ refused: 0 })
    if (path === '/upload') await eventually(() => cutUploads.has(idOf(key)))
    const before = checks(other)
    await eventually(() => checks(other) > before)
    expect(untouched!.isCut).toBe(false)
  })

  it.each([
    ['has expired', { expiresAtMs: 1 }],
    ['lost the scope', { scopes: new Set<Scope>(['logs:write']) }],
    ['is bound to other networks', { networks: ['10.0.0.0/8'] }],
  ])('is cut once its key %s', async (_, change) => {
    const key = keys.add(['logs:read'])
    const state = begin('/file', { 'x-api-key': key })
    await eventually(() => checks(key) >= 2)
    keys.change(key, change)
    await eventually(() => state.isCut)
  })

  it('is left alone where no key is needed, and where another app looks after it', async () => {
    const key = keys.add(['logs:read'])
    const principal: Principal = {
      ...{ kind: 'key', id: idOf(key), name: 'x', scopes: new Set<Scope>(['logs:read']) },
      ...{ isTest: false, namespace: '' },
    }
    const target = { app: 'ingest-api', method: 'GET', url: '/wait' } as const
    const signed = createSignFor(withKeys(keys).access)(principal, target)
    const states = [begin('/public', { 'x-api-key': key }), begin('/wait', signed)]
    const watched = keys.add(['logs:read'])
    begin('/wait', { 'x-api-key': watched })
    await eventually(() => checks(watched) >= 1)
    keys.change(key, { revokedAtMs: 1 })
    await eventually(() => checks(watched) >= 4)
    expect(states.map(({ isCut }) => isCut)).toEqual([false, false])
  })
})
