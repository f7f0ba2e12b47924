import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@runnel/testing'
import { sql } from 'kysely'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { storeLogs } from '../src/writes/store-logs.ts'
import { connectDatabase, isStatementTimeout } from '@runnel/repositories-database'
import { aLog } from './rows.ts'

/** Passes bytes on to PostgreSQL until it is frozen; connections made after that are well again. */
class FreezingProxy {
  readonly #pairs: [Socket, Socket][] = []
  readonly #server: Server

  constructor(target: URL) {
    this.#server = createServer((client) => {
      const upstream = connect(Number(target.port), target.hostname)
      this.#pairs.push([client, upstream])
      for (const socket of [client, upstream]) socket.on('error', () => undefined)
      client.pipe(upstream)
      upstream.pipe(client)
    })
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as AddressInfo).port
  }

  freeze(): void {
    for (const [client, upstream] of this.#pairs) {
      client.unpipe(upstream)
      upstream.unpipe(client)
    }
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#pairs.flat()) socket.destroy()
  }
}

describe('a connection that has silently died', () => {
  let made: TestDatabase
  let proxy: FreezingProxy

  beforeAll(async () => {
    made = await createTestDatabase()
    proxy = new FreezingProxy(new URL(made.url))
  })
  afterAll(async () => {
    proxy.close()
    await made.drop()
  })

  it('fails one query in bounded time and is replaced for the next one', async () => {
    const url = new URL(made.url)
    url.port = String(await proxy.listen())
    url.hostname = '127.0.0.1'
    const database = connectDatabase({
      url: url.href,
      applicationName: 'test',
      poolSize: 1,
      statementTimeoutMs: 200,
    })
    const ask = () => sql`select 1`.execute(database.kysely)
    await ask()
    proxy.freeze()
    expect(isStatementTimeout(await ask().catch((error: unknown) => error))).toBe(true)
    expect((await ask()).rows).toHaveLength(1)
    proxy.freeze()
    const transaction = database.kysely.transaction().execute((trx) => sql`select 1`.execute(trx))
    await expect(transaction).rejects.toThrow('timeout')
    expect((await ask()).rows).toHaveLength(1)
    proxy.freeze()
    const copying = storeLogs(database, [aLog()], [])
    await expect(copying).rejects.toThrow('timeout')
    expect((await ask()).rows).toHaveLength(1)
    await database.close()
  })
})
