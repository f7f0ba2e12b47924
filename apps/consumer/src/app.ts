import { createEventIds, eventTimeMs, KINDS, type Kind, type Topology } from '@runnel/contracts'
import { createHttpServer, type HttpOptions, type HttpServer } from '@runnel/http'
import type { Backlog, BatchLimits, Broker, Consumer, StreamSpec } from '@runnel/messaging'
import { createRareWarning, observeClock, type Logger, type Metrics } from '@runnel/observability'
import {
  ensurePartitions,
  requireMigrated,
  type Database,
  type DatabaseClock,
  type Timekeeper,
} from '@runnel/repositories-database'
import { storeDeadLetters } from '@runnel/repositories-events'
import { createLogAnnouncer } from './announce-logs.ts'
import { createConsumerMetrics, type ConsumerMetrics } from './consumer-metrics.ts'
import type { HandleOptions } from './handle-batch.ts'
import { keepTime, readFirstTime, type KeepTimeOptions } from './keep-time.ts'
import { runMaintenance, type MaintenanceOptions } from './maintenance.ts'
import { createPipelines } from './pipelines.ts'
import { keepCountingLogs } from './keep-counting-logs.ts'
import { keepJoiningEdges } from './keep-joining-edges.ts'
import { exposeRetention } from './retention-metrics.ts'

export interface ConsumerDeps {
  readonly log: Logger
  readonly metrics: Metrics
  readonly broker: Broker
  readonly database: Database
  readonly clock: DatabaseClock
  /** The time of events; see {@link Timekeeper}. */
  readonly timekeeper: Timekeeper
  readonly topology: Topology
  readonly specs: Readonly<Record<Kind, StreamSpec>>
  readonly limits: BatchLimits
  readonly concurrency: number
  readonly retryDelayMs: number
  /** Of an event as PostgreSQL writes it out. */
  readonly writtenEventLimitBytes: number
  readonly maintenance: Pick<
    MaintenanceOptions,
    'retentionDays' | 'aheadDays' | 'keyRetentionHours' | 'deadLetters' | 'intervalMs'
  >
  /** See {@link HandleOptions}. */
  readonly readPosition?: HandleOptions['readPosition']
  /** How requests are judged before their routes. Default: the settings of an empty environment. */
  readonly httpOptions?: HttpOptions | undefined
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
}

export interface ConsumerApp {
  /** Health, metrics and documentation; the caller listens. */
  readonly http: HttpServer
  /** Moves events from the broker to PostgreSQL until the signal aborts, and resolves once all in hand is settled. */
  run(): Promise<void>
}

const DAY_MS = 86_400_000

/** Broker -> PostgreSQL. Builds; the caller listens and runs. */
export async function createConsumer(deps: ConsumerDeps): Promise<ConsumerApp> {
  const { log, broker, database, clock, timekeeper, signal, specs } = deps
  const consumers = Object.fromEntries(KINDS.map((kind) => [kind, broker.consumer(specs[kind])])) as Record<
    Kind,
    Consumer
  >
  const metrics = createConsumerMetrics(deps.metrics, specs, () => readBacklogs(consumers))
  const announcer = createLogAnnouncer({ notices: broker, topology: deps.topology })
  signal.addEventListener('abort', () => announcer.close(), { once: true })
  const pipelines = createPipelines(database, broker, deps.topology, announcer, metrics)
  const handling = createHandling(deps, metrics)
  exposeRetention(deps.metrics, timekeeper, deps.maintenance.retentionDays)
  const time: KeepTimeOptions = {
    ...{ log, timekeeper, signal, notices: broker, topology: deps.topology },
    onChecked: observeClock(log, deps.metrics, clock),
  }
  const consume = (kind: Kind) =>
    consumers[kind].run({
      limits: deps.limits,
      concurrency: deps.concurrency,
      signal,
      retryDelayMs: deps.retryDelayMs,
      handle: (batch) => pipelines[kind](batch, handling),
    })
  return {
    http: await createHttpServer({
      log,
      metrics: deps.metrics,
      docs: {
        title: 'Runnel consumer',
        description: 'Moves events from the broker to PostgreSQL, exactly once.',
      },
      checks: createChecks(deps),
      signal,
      bodyLimitBytes: 1024,
      http: deps.httpOptions,
    }),
    run: async () => {
      await readFirstTime(time)
      await Promise.all([
        ...KINDS.map(consume),
        keepTime(time),
        keepJoiningEdges({ log, database, signal, onJoined: metrics.joinedEdges }),
        keepCountingLogs({ log, database, signal, onSwept: metrics.sweptLogCounts }),
        runMaintenance({ ...deps.maintenance, log, database, clock, timekeeper, signal }),
      ])
    },
  }
}

/** How batches of every kind are handled. */
function createHandling(deps: ConsumerDeps, metrics: ConsumerMetrics): HandleOptions {
  const { log, broker, database, timekeeper, signal, specs } = deps
  const warnOfHeader = createRareWarning<{ kind: Kind; header: string }>((fields) =>
    log.warn(fields, 'a header of the protocol was not obeyed: it does not come from this installation'),
  )
  return {
    log,
    metrics,
    notices: broker,
    signal,
    read: {
      nextId: createEventIds(timekeeper.nowMs),
      now: timekeeper.nowMs,
      retentionMs: deps.maintenance.retentionDays * DAY_MS,
      writtenEventLimitBytes: deps.writtenEventLimitBytes,
      isInbox: deps.topology.isInbox,
    },
    onIgnoredHeader: (kind, header) => {
      metrics.ignoredHeader(kind, header)
      warnOfHeader({ kind, header })
    },
    readPosition: deps.readPosition,
    ackWaitMs: specs.logs.ackWaitMs,
    retryDelayMs: deps.retryDelayMs,
    ensurePartitions: (rows) =>
      ensurePartitions(
        database,
        rows.map(({ id }) => eventTimeMs(id)),
      ),
    storeDeadLetters: (letters) => storeDeadLetters(database, letters),
  }
}

/** What it cannot work without. A clock that is off does not count: times are corrected by the database's. */
function createChecks({ broker, database, timekeeper }: ConsumerDeps) {
  return {
    broker: () => {
      if (!broker.connected()) throw new Error('the broker is unreachable')
    },
    database: () => requireMigrated(database),
    clock: () => {
      if (!timekeeper.state) throw new Error("the database's clock has not been read yet")
    },
  }
}

/** A broker that is unreachable leaves its gauges out. */
async function readBacklogs(
  consumers: Readonly<Record<Kind, Consumer>>,
): Promise<ReadonlyMap<Kind, Backlog>> {
  const backlogs = new Map<Kind, Backlog>()
  await Promise.all(
    KINDS.map(async (kind) => {
      const backlog = await consumers[kind].backlog().catch(() => undefined)
      if (backlog) backlogs.set(kind, backlog)
    }),
  )
  return backlogs
}
