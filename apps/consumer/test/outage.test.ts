import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createEventIds, createTopology, HEADERS } from '@runnel/contracts'
import {
  encodeEnvelope,
  encodeEvent,
  connectBroker,
  streamSpecs,
  type Broker,
  type Consumer,
} from '@runnel/messaging'
import { createLogger } from '@runnel/observability'
import { connectDatabase, type Database, migrateToLatest } from '@runnel/repositories-database'
import {
  cleanNats,
  eventually,
  serviceUrls,
  spawnApp,
  startPostgres,
  testPrefix,
  type ManagedProcess,
} from '@runnel/testing'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadConfig } from '../src/config.ts'

const ACK_WAIT_MS = 2000
const RETRYING = 'the database does not take the batch yet'

const nextId = createEventIds()

/** Milliseconds between the first and the last retry of a batch, by the log of the process. */
function retriedForMs(consumer: ManagedProcess): number {
  const lines = consumer.logs().split('\n')
  // The last line may be incomplete.
  const retries = lines.slice(0, -1).filter((line) => line.includes(RETRYING))
  const times = retries.map((line) => Date.parse((JSON.parse(line) as { time: string }).time))
  return times.length === 0 ? 0 : times.at(-1)! - times[0]!
}

/** Processes on a PostgreSQL of their own, which the tests stop and start. */
describe('consumer processes', () => {
  const prefix = testPrefix()
  const topology = createTopology(prefix)
  const natsUrl = serviceUrls().NATS_URL
  let postgres: ManagedProcess
  let database: Database
  let broker: Broker
  let logs: Consumer
  let env: Record<string, string>

  beforeAll(async () => {
    postgres = await startPostgres()
    database = connectDatabase({
      url: postgres.url,
      applicationName: 'test',
      poolSize: 2,
      statementTimeoutMs: 10_000,
    })
    await migrateToLatest(database)
    broker = await connectBroker(natsUrl, { name: 'test', log: createLogger('test', 'silent') })
    const specs = streamSpecs(topology, loadConfig({ ACK_WAIT_MS: String(ACK_WAIT_MS) }).streams)
    for (const spec of Object.values(specs)) await broker.ensureStream(spec)
    logs = broker.consumer(specs.logs)
    env = {
      DATABASE_URL: postgres.url,
      NATS_URL: natsUrl,
      SUBJECT_PREFIX: prefix,
      ACK_WAIT_MS: String(ACK_WAIT_MS),
      RETRY_DELAY_MS: '100',
      LOG_LEVEL: 'debug',
    }
  })
  afterAll(async () => {
    await broker.close()
    await database.close()
    await postgres.stop()
    await cleanNats(natsUrl, prefix)
  })

  const publish = async (service: string, count: number) => {
    const events = Array.from({ length: count }, (_, n) =>
      encodeEvent(nextId(), JSON.stringify({ service, n })),
    )
    await broker.publish(
      {
        subject: topology.subject('logs'),
        payload: encodeEnvelope(events),
        headers: { [HEADERS.envelope]: '1', [HEADERS.count]: String(count) },
        messageId: randomUUID(),
      },
      10_000,
    )
  }
  const stored = (service: string) =>
    database.kysely.selectFrom('log').selectAll().where('service', '=', service).execute()
  const countStored = async (service: string) => {
    const counted = database.kysely.selectFrom('log').select(({ fn }) => fn.countAll<string>().as('count'))
    return Number((await counted.where('service', '=', service).executeTakeFirstOrThrow()).count)
  }

  it('share the work, print events at debug level and drain on SIGTERM', async () => {
    const processes = await Promise.all(
      [1, 2, 3].map(() => spawnApp('consumer', env, { waitFor: '/readyz' })),
    )
    // One at a time, so that every envelope is a batch of its own.
    for (let i = 0; i < 60; i++) await publish('shared', 5)
    await eventually(async () => (await stored('shared')).length === 300)
    const shares = processes.map((app) => app.logs().split('"msg":"event"').length - 1)
    expect(shares.reduce((sum, share) => sum + share)).toBe(300)
    expect(shares.filter((share) => share > 0).length).toBeGreaterThan(1)
    const exits = await Promise.all(processes.map((process) => process.stop()))
    expect(exits).toEqual(Array.from({ length: 3 }, () => ({ code: 0, signal: null })))
  })

  it('wait while PostgreSQL is unreachable, beyond the ack wait, and lose and double nothing', async () => {
    await using consumer = await spawnApp('consumer', env, { waitFor: '/readyz' })
    await publish('outage', 10)
    await eventually(async () => (await stored('outage')).length === 10)
    await postgres.kill('SIGKILL')
    for (let i = 0; i < 20; i++) await publish('outage', 10)
    await eventually(() => consumer.logs().includes(RETRYING))
    expect((await fetch(`${consumer.url}/readyz`)).status).toBe(503)
    // What is held must be kept alive, so that it is not delivered again.
    await eventually(() => retriedForMs(consumer) > 2 * ACK_WAIT_MS)
    await postgres.restart()
    await eventually(async () => (await stored('outage')).length === 210)
    await eventually(async () => (await fetch(`${consumer.url}/readyz`)).ok)
    expect(consumer.logs()).not.toContain('dead-lettered')
    expect(await stored('outage')).toHaveLength(210)
  })

  it('that are killed at any moment have their work done by others, once', async () => {
    // For as long as a process is to be killed at work; never more than what is stored soon, however slow the machine is.
    const over = new AbortController()
    const publishing = (async () => {
      let events = 0
      while (!over.signal.aborted) {
        if ((await logs.backlog()).messages >= 20) await sleep(20)
        else {
          await publish('killed', 50)
          events += 50
        }
      }
      return events
    })()
    const victims = await Promise.all([1, 2, 3, 4].map(() => spawnApp('consumer', env)))
    for (const victim of victims) {
      await eventually(() => victim.logs().includes('"msg":"event"'))
      await victim.kill('SIGKILL')
      await victim.exited
    }
    over.abort()
    const events = await publishing
    await using consumer = await spawnApp('consumer', env)
    await eventually(async () => (await countStored('killed')) >= events)
    expect(await countStored('killed')).toBe(events)
    expect(consumer.logs()).not.toContain('dead-lettered')
  })

  it('become ready when PostgreSQL comes after them, and refuse one that is not migrated', async () => {
    await postgres.kill('SIGKILL')
    await using consumer = await spawnApp('consumer', env)
    expect((await fetch(`${consumer.url}/readyz`)).status).toBe(503)
    await postgres.restart()
    await eventually(async () => (await fetch(`${consumer.url}/readyz`)).ok)
    const unmigrated = await spawnApp(
      'consumer',
      { ...env, DATABASE_URL: new URL('/template1', postgres.url).href },
      { waitFor: false },
    )
    expect(await unmigrated.exited).toMatchObject({ code: 1 })
    expect(unmigrated.logs()).toContain('run npm run migrate')
  })
})
