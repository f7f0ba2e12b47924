import { expect, it } from '@jest/globals'
import { createLogger } from '@runnel/observability'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import { createTestDatabase, eventually, freePort } from '@runnel/testing'
import { sql } from 'kysely'
import { createHeartbeat } from '../src/sending/rates/heartbeat.ts'

const log = createLogger('test', 'silent')
const connect = (url: string) =>
  connectDatabase({
    url,
    applicationName: 'test',
    poolSize: 4,
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 200,
  })

function start(database: Database) {
  const heartbeat = createHeartbeat({ database, log, intervalMs: 50, deadAfterMs: 2000 })
  const abort = new AbortController()
  const running = heartbeat.run(abort.signal)
  const stop = async () => {
    abort.abort()
    await running
  }
  return { ...heartbeat, stop }
}

it('replicas count each other, and not those that have stopped', async () => {
  await using made = await createTestDatabase()
  const database = connect(made.url)
  const a = start(database)
  expect(a.replicas()).toBeUndefined()
  await eventually(() => a.replicas() === 1)
  const b = start(database)
  await eventually(() => a.replicas() === 2 && b.replicas() === 2)
  await b.stop()
  await eventually(() => a.replicas() === 1)
  await a.stop()
  const { rows } = await sql`select 1 from dispatcher_heartbeat`.execute(database.kysely)
  expect(rows).toEqual([])
  await database.close()
})

it('a replica among others knows no number before the others can have counted it', async () => {
  await using made = await createTestDatabase()
  const database = connect(made.url)
  await sql`insert into dispatcher_heartbeat values (gen_random_uuid(), clock_timestamp() + interval '1 day')`.execute(
    database.kysely,
  )
  const slow = createHeartbeat({ database, log, intervalMs: 60_000 })
  const abort = new AbortController()
  const running = slow.run(abort.signal)
  const beaten = async () =>
    (await sql`select 1 from dispatcher_heartbeat`.execute(database.kysely)).rows.length === 2
  await eventually(beaten)
  expect(slow.replicas()).toBeUndefined()
  abort.abort()
  await running
  await database.close()
})

it('continues while the database is unreachable', async () => {
  const database = connect(`postgres://127.0.0.1:${await freePort()}/nowhere`)
  const heartbeat = start(database)
  expect(heartbeat.replicas()).toBeUndefined()
  await heartbeat.stop()
  await database.close()
})
