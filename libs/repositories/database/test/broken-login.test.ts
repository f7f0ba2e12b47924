import { expect, it } from '@jest/globals'
import { createTestDatabase } from '@runnel/testing'
import { sql } from 'kysely'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { connectDatabase } from '../src/database.ts'

/** `AuthenticationOk` and `ReadyForQuery`. */
const LOGGED_IN = Buffer.from('5200000008000000005a0000000549', 'hex')

it('a connection that breaks between its login and its first answer fails a query, and not the process', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write(LOGGED_IN)
      socket.once('data', () => socket.resetAndDestroy())
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const database = connectDatabase({
    url: `postgres://me@127.0.0.1:${port}/db?target_session_attrs=primary`,
    ...{ applicationName: 'test', poolSize: 1, statementTimeoutMs: 1000 },
  })
  await expect(sql`select 1`.execute(database.kysely)).rejects.toThrow(/ECONNRESET|terminated/)
  await database.close()
  server.close()
})

it('a server that takes a connection and never answers keeps none of the others from being used', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const made = await createTestDatabase({ migrated: false })
  const { username, host, pathname } = new URL(made.url)
  const database = connectDatabase({
    url: `postgres://${username}@127.0.0.1:${port},${host}${pathname}?connect_timeout=1`,
    ...{ applicationName: 'test', poolSize: 1, statementTimeoutMs: 10_000 },
  })
  expect((await sql`select 1 as one`.execute(database.kysely)).rows).toEqual([{ one: 1 }])
  await database.close()
  await made.drop()
  server.close()
})
