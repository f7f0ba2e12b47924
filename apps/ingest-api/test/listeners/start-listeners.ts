import {
  createTopology,
  KINDS,
  createEventIds,
  type EnvelopeEvent,
  type Kind,
  type NextEventId,
} from '@runnel/contracts'
import { connectBroker, decodeEnvelope, streamSpecs, type Broker } from '@runnel/messaging'
import { createLogger, createMetrics, parseExposition } from '@runnel/observability'
import { CleanupStack } from '@runnel/runtime'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { loadConfig } from '../../src/config.ts'
import { connectIntake } from '../../src/connect-intake.ts'
import { createIntakeMetrics } from '../../src/intake-metrics.ts'
import { DEFAULT_LISTENERS, type ListenerKinds } from '../../src/listeners/default-listeners.ts'
import { listenersOf, openListeners } from '../../src/listeners/open-listeners.ts'
import { requireSafeListeners } from '../../src/listeners/require-safe-listeners.ts'

const log = createLogger('test', 'silent')

export interface StoredEvent extends EnvelopeEvent {
  readonly kind: Kind
}

interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Default: the memory broker. */
  readonly broker?: Broker
  /** Default: as the app makes them. */
  readonly nextId?: NextEventId
  /** In the place of those of the app, by port. */
  readonly kinds?: Partial<ListenerKinds>
}

/** Ports of listeners over a broker, and a consumer that keeps what it gets, one event an id. */
export async function startListeners({
  env = {},
  broker: given,
  nextId = createEventIds(),
  kinds,
}: StartOptions) {
  const cleanup = new CleanupStack()
  const config = requireSafeListeners(loadConfig(env))
  const topology = createTopology(config.broker.subjectPrefix)
  const broker = given ?? cleanup.use(await connectBroker('memory:', { name: 'test', log }))
  const specs = streamSpecs(topology, config.streams)
  await Promise.all(Object.values(specs).map((spec) => broker.ensureStream(spec)))
  const stored = new Map<string, StoredEvent>()
  for (const kind of KINDS) {
    const running = broker.consumer(specs[kind]).run({
      limits: { maxMessages: 100, maxBytes: 1e6, lingerMs: 0 },
      concurrency: 1,
      signal: cleanup.signal,
      retryDelayMs: 10,
      handle: async (batch) => {
        for (const message of batch) {
          for (const item of decodeEnvelope(Buffer.from(message.payload).toString()))
            if (!('malformed' in item)) stored.set(item.event.id, { kind, ...item.event })
          message.ack()
        }
      },
    })
    cleanup.defer(() => running)
  }
  const metrics = createMetrics('ingest-api')
  const intake = cleanup.use(connectIntake(broker, topology, config.publishing))
  const lastCall = new AbortController()
  const listeners = await openListeners({
    ...{ log, metrics, lanes: intake.lanes, replies: intake.replies, nextId },
    intakeMetrics: createIntakeMetrics(metrics, Object.values(intake.lanes)),
    acknowledge: 'broker',
    keyForm: config.keyForm,
    storedWaitMs: 200,
    eventLimitBytes: config.limits.eventLimitBytes,
    ...listenersOf(config),
    kinds: { ...DEFAULT_LISTENERS, ...kinds },
    lastCall: lastCall.signal,
  }).catch(async (error: unknown) => {
    await cleanup.close()
    throw error
  })
  const portOf = (name: string): number => listeners.open.find((one) => one.name === name)!.port
  return {
    portOf,
    broker,
    note: listeners.note,
    /** In the order in which the consumer got them. */
    stored: () => [...stored.values()],
    /** What the payload of an event says, in that order. */
    data: () => [...stored.values()].map(({ data }) => data as unknown as Record<string, unknown>),
    /** The sum over all series of a metric that have these labels. */
    count: async (name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> =>
      parseExposition(await metrics.metrics(), new Set([name]))
        .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
        .reduce((sum, { value }) => sum + value, 0),
    hurry: () => lastCall.abort(),
    closeListeners: () => listeners.close(),
    async [Symbol.asyncDispose]() {
      lastCall.abort()
      await listeners.close()
      await cleanup.close()
    },
  }
}

export type RunningListeners = Awaited<ReturnType<typeof startListeners>>

/** A connection, and all that comes back over it. */
export async function dial(
  port: number,
): Promise<{ socket: Socket; received: () => Buffer; closed: Promise<void> }> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const pieces: Buffer[] = []
  socket.on('data', (piece: Buffer) => pieces.push(piece))
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await once(socket, 'connect')
  return { socket, received: () => Buffer.concat(pieces), closed }
}

/** Sends each datagram by itself. */
export async function sendDatagrams(port: number, datagrams: readonly (string | Buffer)[]): Promise<void> {
  const socket = createSocket('udp4')
  try {
    for (const datagram of datagrams)
      await new Promise<void>((resolve, reject) =>
        socket.send(datagram, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
      )
  } finally {
    socket.close()
  }
}
