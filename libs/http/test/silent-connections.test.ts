import { expect, test } from '@jest/globals'
import { once } from 'node:events'
import { connect } from 'node:net'
import { startServer } from './server.ts'

test('a connection that has not asked for anything does not hold a drain up', async () => {
  const server = await startServer()
  const { port } = new URL(await server.app.listen({ port: 0 }))
  const silent = connect(Number(port), '127.0.0.1')
  const accepted = once(server.app.server, 'connection')
  await once(silent, 'connect')
  await accepted
  const ended = once(silent.resume(), 'close')
  await server.app.close()
  await ended
  expect(silent.destroyed).toBe(true)
})
