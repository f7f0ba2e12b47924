import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { EventStream, sendEvents } from '../src/index.ts'
import { TestKeys, withKeys } from './keys.ts'
import { listen, startServer, type TestServer } from './server.ts'

class SilentStream extends EventStream {
  protected override takeWaiting(): undefined {
    return undefined
  }
}

describe('a stream of events', () => {
  let server: TestServer
  let keys: TestKeys
  let stream: SilentStream

  beforeEach(async () => {
    keys = new TestKeys()
    server = await startServer({}, withKeys(keys), false)
    server.app.get('/stream', { config: { access: 'logs:read' } }, (_request, reply) =>
      sendEvents(reply, (stream = new SilentStream())),
    )
    await server.app.ready()
  })
  afterEach(() => server[Symbol.asyncDispose]())

  const open = async (key: string) => {
    const port = await listen(server.app)
    const response = await fetch(`http://127.0.0.1:${port}/stream`, { headers: { 'x-api-key': key } })
    expect(response.status).toBe(200)
    return response.text().then(
      () => 'ended',
      () => 'cut',
    )
  }

  it.each([
    ['was revoked', { revokedAtMs: 1 }],
    ['has expired', { expiresAtMs: 1 }],
    ['lost the scope', { scopes: new Set(['logs:write'] as const) }],
  ])('is cut once its key %s, and not before', async (_, change) => {
    const key = keys.add(['logs:read'])
    const end = open(key)
    await eventually(() => keys.used.length >= 3)
    expect(stream.destroyed).toBe(false)
    keys.change(key, change)
    expect(await end).toBe('cut')
    expect(stream.destroyed).toBe(true)
  })
})
