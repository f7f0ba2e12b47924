import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@runnel/testing'
import { CompiledQuery } from 'kysely'
import { once } from 'node:events'
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectDatabase, type Database } from '../src/database.ts'

/** The client gives up a second later. */
const STATEMENT_TIMEOUT_MS = 200

describe('a COPY', () => {
  let test: TestDatabase
  let line: Server
  let db: Database
  /** From the server, with where they go to. */
  const answers: { readonly from: Socket; readonly to: Socket }[] = []

  beforeAll(async () => {
    test = await createTestDatabase({ migrated: false })
    const url = new URL(test.url)
    const target = { host: url.hostname, port: Number(url.port) }
    line = createServer((client) => {
      const server = createConnection(target)
      for (const socket of [client, server]) socket.on('error', () => undefined)
      client.pipe(server).pipe(client)
      answers.push({ from: server, to: client })
    }).listen(0, '127.0.0.1')
    await once(line, 'listening')
    url.port = String((line.address() as AddressInfo).port)
    db = connectDatabase({
      ...{ url: url.href, applicationName: 'test', poolSize: 1 },
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    })
    await db.kysely.executeQuery(CompiledQuery.raw('create table number (value integer)'))
  })
  afterAll(async () => {
    await db.close()
    line.close()
    await test.drop()
  })

  const copy = (data: string) => CompiledQuery.raw('copy number (value) from stdin', [[Buffer.from(data)]])

  it('whose answer comes when it is not awaited any more fails alone, and the next one works', async () => {
    const failing = db.kysely.transaction().execute(async (trx) => {
      await trx.executeQuery(CompiledQuery.raw('select 1'))
      for (const { from } of answers) from.unpipe()
      await trx.executeQuery(copy('1\n')).finally(() => {
        // The rollback waits behind the answer, which is let through now.
        for (const { from, to } of answers) from.pipe(to)
      })
    })
    await expect(failing).rejects.toThrow('timeout')
    await sleep(100)
    await db.kysely.executeQuery(copy('7\n'))
    const { rows } = await db.kysely.executeQuery(CompiledQuery.raw('select value from number'))
    expect(rows).toEqual([{ value: 7 }])
  })
})
