import {
  createEventIds,
  createTopology,
  HEADERS,
  KINDS,
  type EnvelopeEvent,
  type Kind,
  type StoredReply,
} from '@runnel/contracts'
import { connectBroker, decodeEnvelope, streamSpecs, type Broker, type Message } from '@runnel/messaging'
import type { HttpOptions, HttpServer } from '@runnel/http'
import { createLogger, createMetrics, type Metrics } from '@runnel/observability'
import { connectDatabase } from '@runnel/repositories-database'
import { CleanupStack } from '@runnel/runtime'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { createIngestApi } from '../src/app.ts'
import { loadConfig, type IngestConfig } from '../src/config.ts'
import { connectIntake } from '../src/connect-intake.ts'
import { createIntakeMetrics } from '../src/intake-metrics.ts'
import { createDeadLetterStore } from '../src/dead-letter-store.ts'
import { createNoticedClock } from '../src/noticed-clock.ts'
import { createFormats } from '../src/formats/default-formats.ts'
import type { Acknowledge } from '../src/publish-admission.ts'
import type { WireFormat } from '../src/wire-format.ts'

/** Nothing listens there. */
const NO_DATABASE = 'postgres://none@127.0.0.1:1/none'

const log = createLogger('test', 'silent')

export interface ConsumedEvent extends EnvelopeEvent {
  readonly kind: Kind
}

export interface Ingest {
  readonly app: HttpServer
  readonly broker: Broker
  /** Where the consumer's answers go. */
  readonly inbox: string
  readonly metrics: Metrics
  /** What the consumer was given, in order. */
  readonly consumed: readonly ConsumedEvent[]
  /** POSTs JSON, unless the headers say otherwise. A value that is no text or bytes is stringified. */
  post(url: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  inject(request: InjectOptions | string): Promise<Answer>
  [Symbol.asyncDispose](): Promise<void>
}

/** What the consumer says of an event, as {@link StoredReply} has it. */
export type Decision =
  | 'stored'
  | 'silent'
  | 'superseded'
  | { readonly deadLettered: string }
  | { readonly duplicateOf: string }
  | { readonly productId: number; readonly superseded?: boolean }
  /** Stored, at this place in the log of PostgreSQL. */
  | { readonly position: string }

export type Answer = LightMyRequestResponse

export interface IngestOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly databaseUrl?: string
  /** Default: the memory broker. */
  readonly broker?: Broker
  /** The consumer's answer about an event: a text is the reason why it is dead. `silent`: it never answers. */
  readonly decide?: (event: ConsumedEvent) => Decision
  readonly acknowledge?: Acknowledge
  readonly formats?: readonly WireFormat[]
  /** False: nothing is consumed. */
  readonly consuming?: boolean
  readonly httpOptions?: HttpOptions
}

/** The app over a broker, with a consumer that answers as the test demands. */
export async function startIngest(options: IngestOptions = {}): Promise<Ingest> {
  const cleanup = new CleanupStack()
  const config = loadConfig({ STORED_WAIT_MS: '200', ...options.env })
  const topology = createTopology(config.broker.subjectPrefix)
  const broker = options.broker ?? cleanup.use(await connectBroker('memory:', { name: 'test', log }))
  const specs = streamSpecs(topology, config.streams)
  await Promise.all(Object.values(specs).map((spec) => broker.ensureStream(spec)))
  const consumed: ConsumedEvent[] = []
  if (options.consuming !== false) {
    for (const kind of KINDS) {
      const running = broker.consumer(specs[kind]).run({
        limits: { maxMessages: 100, maxBytes: 1e6, lingerMs: 0 },
        concurrency: 1,
        signal: cleanup.signal,
        retryDelayMs: 10,
        handle: async (batch) =>
          batch.forEach((message) => consume(kind, message, consumed, broker, options)),
      })
      cleanup.defer(() => running)
    }
  }
  const metrics = createMetrics('ingest-api')
  const { app, intake } = await build(config, broker, metrics, options, cleanup)
  await app.ready()
  cleanup.use(intake)
  cleanup.use(app)
  return {
    app,
    broker,
    inbox: intake.replies.inbox,
    metrics,
    consumed,
    inject: (request) => app.inject(request),
    post: (url, body, headers = {}) => {
      const isText = typeof body === 'string' || Buffer.isBuffer(body)
      const payload = isText ? body : JSON.stringify(body)
      return app.inject({
        method: 'POST',
        url,
        payload,
        headers: { 'content-type': 'application/json', ...headers },
      })
    },
    [Symbol.asyncDispose]: () => cleanup.close(),
  }
}

async function build(
  config: IngestConfig,
  broker: Broker,
  metrics: Metrics,
  {
    databaseUrl = NO_DATABASE,
    acknowledge = 'broker',
    formats = createFormats(config.formats),
    httpOptions,
  }: IngestOptions,
  cleanup: CleanupStack,
) {
  const topology = createTopology(config.broker.subjectPrefix)
  const database = cleanup.use(
    connectDatabase({ url: databaseUrl, applicationName: 'test', poolSize: 2, statementTimeoutMs: 5000 }),
  )
  const intake = connectIntake(broker, topology, config.publishing)
  const app = await createIngestApi({
    log,
    metrics,
    broker,
    lanes: intake.lanes,
    intakeMetrics: createIntakeMetrics(metrics, Object.values(intake.lanes)),
    replies: intake.replies,
    deadLetters: createDeadLetterStore(database),
    nextId: createEventIds(),
    clock: createNoticedClock(),
    keyForm: config.keyForm,
    formats,
    acknowledge,
    limits: config.limits,
    pageBytes: config.pageBytes,
    storedWaitMs: config.storedWaitMs,
    publishTimeoutMs: config.publishing.publishDeadlineMs,
    httpOptions,
    signal: cleanup.signal,
  })
  return { app, intake }
}

function consume(
  kind: Kind,
  message: Message,
  consumed: ConsumedEvent[],
  broker: Broker,
  { decide = () => 'stored' }: IngestOptions,
): void {
  message.ack()
  if (message.header(HEADERS.envelope) !== '1') return
  const events = decodeEnvelope(Buffer.from(message.payload).toString()).map((item) => {
    if ('malformed' in item) throw item.malformed
    return { kind, ...item.event }
  })
  consumed.push(...events)
  const replyTo = message.header(HEADERS.replyTo)
  if (replyTo === undefined) return
  const decided = events.map(({ id, ...event }) => ({ id, decision: decide({ id, ...event }) }))
  broker.send(replyTo, Buffer.from(JSON.stringify(replyOf(decided))))
}

function replyOf(decided: readonly { readonly id: string; readonly decision: Decision }[]): StoredReply {
  const details = decided.flatMap(({ id, decision }) =>
    typeof decision === 'object' ? [{ id, ...decision }] : [],
  )
  const superseded = [
    ...decided.filter(({ decision }) => decision === 'superseded'),
    ...details.filter((detail) => 'superseded' in detail && detail.superseded),
  ].map(({ id }) => id)
  const deadLettered = details.flatMap((detail) =>
    'deadLettered' in detail ? { id: detail.id, reason: detail.deadLettered } : [],
  )
  const duplicates = details.flatMap((detail) =>
    'duplicateOf' in detail ? { id: detail.id, of: detail.duplicateOf } : [],
  )
  const products = details.flatMap((detail) =>
    'productId' in detail ? { id: detail.id, productId: detail.productId } : [],
  )
  const position = details.flatMap((detail) => ('position' in detail ? detail.position : [])).at(-1)
  return {
    ...(position !== undefined && { position }),
    ids: decided.flatMap(({ id, decision }) => (decision === 'silent' ? [] : id)),
    deadLettered,
    ...(superseded.length > 0 && { superseded }),
    ...(duplicates.length > 0 && { duplicates }),
    ...(products.length > 0 && { products }),
  }
}
