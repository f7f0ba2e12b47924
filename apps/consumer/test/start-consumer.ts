import { createTopology, HEADERS, KINDS, type Kind, type Topology } from '@runnel/contracts'
import { encodeEnvelope, connectBroker, streamSpecs, type Broker } from '@runnel/messaging'
import { createLogger, createMetrics } from '@runnel/observability'
import {
  connectDatabase,
  createDatabaseClock,
  createTimekeeper,
  type Database,
  readWalPosition,
} from '@runnel/repositories-database'
import type { ClockSources } from '@runnel/runtime'
import { createTestDatabase, eventually } from '@runnel/testing'
import { randomUUID } from 'node:crypto'
import { createConsumer, type ConsumerApp } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'

/** A consumer over the memory broker and a database of its own, with what a test asks of them. */
export interface TestConsumer {
  readonly broker: Broker
  readonly topology: Topology
  readonly database: Database
  readonly databaseUrl: string
  readonly http: ConsumerApp['http']
  /** One message without an envelope. */
  /** The last sample of a metric that the consumer exposes. */
  metric(name: string): Promise<number>
  publishRaw(kind: Kind, payload: string | Uint8Array, headers?: Record<string, string>): Promise<void>
  /** @param events texts of encodeEvent */
  publishEnvelope(kind: Kind, events: readonly string[], headers?: Record<string, string>): Promise<void>
  /** Waits until everything that was published is settled. */
  settled(): Promise<void>
  deadLetters(): Promise<{ source_id: string; reason: string; payload: Buffer; attempts: number }[]>
  stop(): Promise<void>
}

/** @param clocks of its machine; default: those of this one */
export async function startConsumer(clocks?: ClockSources): Promise<TestConsumer> {
  const made = await createTestDatabase()
  const log = createLogger('consumer', 'silent')
  const topology = createTopology('')
  const specs = streamSpecs(topology, loadConfig({}).streams)
  const broker = await connectBroker('memory:', { name: 'test', log })
  for (const spec of Object.values(specs)) await broker.ensureStream(spec)
  const database = connectDatabase({
    url: made.url,
    applicationName: 'test',
    poolSize: 8,
    statementTimeoutMs: 10_000,
  })
  const clock = createDatabaseClock(database, clocks)
  const abort = new AbortController()
  const metrics = createMetrics('consumer')
  const app = await createConsumer({
    log,
    metrics,
    broker,
    database,
    clock,
    timekeeper: createTimekeeper({ database, clock, aheadDays: 1 }),
    topology,
    specs,
    limits: { maxMessages: 500, maxBytes: 4_000_000, lingerMs: 2 },
    concurrency: 2,
    retryDelayMs: 50,
    writtenEventLimitBytes: 2 * 1024 ** 2,
    maintenance: loadConfig({}).maintenance,
    readPosition: () => readWalPosition(database),
    signal: abort.signal,
  })
  const running = app.run()
  const publish = (kind: Kind, payload: Uint8Array, headers: Record<string, string>) =>
    broker.publish(
      {
        subject: topology.subject(kind),
        payload,
        headers,
        messageId: headers[HEADERS.messageId] ?? randomUUID(),
      },
      1000,
    )
  return {
    broker,
    topology,
    database,
    databaseUrl: made.url,
    http: app.http,
    metric: async (name) => {
      const text = await metrics.getSingleMetricAsString(name)
      return Number(/ (\S+)\s*$/.exec(text)?.[1])
    },
    publishRaw: (kind, payload, headers = {}) => publish(kind, Buffer.from(payload as string), headers),
    publishEnvelope: (kind, events, headers = {}) =>
      publish(kind, encodeEnvelope(events), {
        [HEADERS.envelope]: '1',
        [HEADERS.count]: String(events.length),
        ...headers,
      }),
    settled: async () => {
      await eventually(async () => {
        const backlogs = await Promise.all(KINDS.map((kind) => broker.consumer(specs[kind]).backlog()))
        return backlogs.every(({ messages }) => messages === 0)
      })
    },
    deadLetters: () => database.kysely.selectFrom('dead_letter').selectAll().orderBy('id').execute(),
    stop: async () => {
      abort.abort()
      await running
      await app.http.close()
      await broker.close()
      await database.close()
      await made.drop()
    },
  }
}
