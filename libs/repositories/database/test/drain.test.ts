import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@runnel/testing'
import { sql } from 'kysely'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { connectDatabase, type Database } from '../src/database.ts'

/** A line to the server that may stop answering while it stays open, as a dead host does. */
class Line {
  /** Bytes that clients sent since it stopped answering. */
  unanswered = 0
  #silent = false
  readonly #sockets = new Set<Socket>()
  readonly #server: Server

  private constructor(target: URL) {
    this.#server = createServer((client) => {
      const server = connect(Number(target.port || 5432), target.hostname)
      for (const socket of [client, server]) {
        this.#sockets.add(socket)
        socket.on('error', () => undefined)
        socket.on('close', () => void (this.#silent || (client.destroy(), server.destroy())))
      }
      client.on('data', (bytes) => {
        if (this.#silent) this.unanswered += bytes.length
        else server.write(bytes)
      })
      server.on('data', (bytes) => void (this.#silent || client.write(bytes)))
    })
  }

  static async open(url: string): Promise<Line> {
    const line = new Line(new URL(url))
    await once(line.#server.listen(0, '127.0.0.1'), 'listening')
    return line
  }

  through(url: string): string {
    const changed = new URL(url)
    changed.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return changed.href
  }

  stopAnswering(): void {
    this.#silent = true
  }

  async close(): Promise<void> {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(this.#server, 'close')
  }
}

describe('a drain', () => {
  let made: TestDatabase
  let line: Line
  let database: Database
  let lastCall: AbortController

  const open = (statementTimeoutMs: number) => {
    lastCall = new AbortController()
    database = connectDatabase({
      ...{ url: line.through(made.url), applicationName: 'test', poolSize: 2, statementTimeoutMs },
      cutOff: lastCall.signal,
    })
  }
  const read = () => sql`select 1`.execute(database.kysely)

  beforeEach(async () => {
    made = await createTestDatabase({ migrated: false })
    line = await Line.open(made.url)
  })
  afterEach(async () => {
    await database.close()
    await line.close()
    await made.drop()
  })

  it('does not wait for a query past its last call, nor for a lock, and asks nothing more', async () => {
    open(600_000)
    const waiting = [sql`select pg_sleep(600)`.execute(database.kysely), read().then(() => read())]
    await waiting[1]
    line.stopAnswering()
    const more = [read(), read(), read()]
    const ended = Promise.allSettled([waiting[0], ...more])
    lastCall.abort()
    expect((await ended).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'rejected',
      'rejected',
    ])
    await expect(read()).rejects.toThrow('The process ends; the database is not used any more')
  })

  it('leaves out the rollback of a transaction whose server does not answer any more', async () => {
    open(100)
    let sent = 0
    const failing = database.kysely.transaction().execute(async (trx) => {
      await sql`select 1`.execute(trx)
      line.stopAnswering()
      await sql`select 2`.execute(trx).catch((error: unknown) => {
        sent = line.unanswered
        throw error
      })
    })
    await expect(failing).rejects.toThrow('Query read timeout')
    // Only the driver's own farewell.
    expect(line.unanswered - sent).toBeLessThanOrEqual(5)
  })
})
