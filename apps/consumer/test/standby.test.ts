import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createEventIds, createTopology, HEADERS } from '@runnel/contracts'
import { connectBroker, encodeEnvelope, encodeEvent, streamSpecs, type Broker } from '@runnel/messaging'
import { createLogger } from '@runnel/observability'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import {
  cleanNats,
  eventually,
  findBinary,
  migrateDatabase,
  PostgresPair,
  runIf,
  serviceUrls,
  spawnApp,
  testPrefix,
} from '@runnel/testing'
import { randomUUID } from 'node:crypto'
import { loadConfig } from '../src/config.ts'

const RETRYING = 'the database does not take the batch yet'
const nextId = createEventIds()

runIf(
  findBinary('pg_rewind') !== undefined,
  describe,
  'PostgreSQL is not installed',
)('a consumer on a primary with a synchronous standby', () => {
  const prefix = testPrefix()
  const topology = createTopology(prefix)
  const natsUrl = serviceUrls().NATS_URL
  let pair: PostgresPair
  let database: Database
  let broker: Broker

  beforeAll(async () => {
    pair = await PostgresPair.start('synchronous')
    await migrateDatabase(pair.primary.url)
    database = connectDatabase({
      url: pair.hostsUrl(),
      ...{ applicationName: 'test', poolSize: 1, statementTimeoutMs: 10_000 },
    })
    broker = await connectBroker(natsUrl, { name: 'test', log: createLogger('test', 'silent') })
    for (const spec of Object.values(streamSpecs(topology, loadConfig({ ACK_WAIT_MS: '2000' }).streams)))
      await broker.ensureStream(spec)
  })
  afterAll(async () => {
    await broker?.close()
    await database?.close()
    await pair?.close()
    await cleanNats(natsUrl, prefix)
  })

  const publish = async (service: string) => {
    const event = encodeEvent(nextId(), JSON.stringify({ service }))
    const headers = { [HEADERS.envelope]: '1', [HEADERS.count]: '1' }
    const message = { subject: topology.subject('logs'), payload: encodeEnvelope([event]), headers }
    await broker.publish({ ...message, messageId: randomUUID() }, 10_000)
  }
  const count = async (service: string) => {
    const rows = await database.kysely
      .selectFrom('log')
      .select('id')
      .where('service', '=', service)
      .execute()
      .catch(() => [])
    return rows.length
  }

  it('waits with what no standby has confirmed, follows to the standby, and loses and doubles nothing', async () => {
    const env = {
      ...{ DATABASE_URL: pair.hostsUrl(), NATS_URL: natsUrl, SUBJECT_PREFIX: prefix },
      ...{ ACK_WAIT_MS: '2000', RETRY_DELAY_MS: '100', DATABASE_TIMEOUT_MS: '500' },
    }
    await using consumer = await spawnApp('consumer', env, { waitFor: '/readyz' })
    await publish('before')
    await eventually(async () => (await count('before')) === 1)

    // Its commit waits, the client gives up, and the batch is written again until that is known to be stored.
    await pair.standby.kill('SIGKILL')
    await publish('alone')
    const retries = () => consumer.logs().split(RETRYING).length - 1
    await eventually(() => retries() > 2)
    expect(await count('alone')).toBe(0)
    await pair.standby.restart()
    await eventually(async () => (await count('alone')) === 1)

    await pair.failOver()
    await publish('after')
    await eventually(async () => (await count('after')) === 1)
    await eventually(async () => (await fetch(`${consumer.url}/readyz`)).ok)
    for (const service of ['before', 'alone', 'after']) expect(await count(service)).toBe(1)
    expect(consumer.logs()).not.toContain('dead-lettered')
  })
})
