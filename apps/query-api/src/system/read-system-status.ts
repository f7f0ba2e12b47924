import type { AppState, RetentionState, SystemState } from '@runnel/contracts/api/system'
import type { SignOwn } from '@runnel/http'
import { parseExposition, type Metrics } from '@runnel/observability'
import { SERVICE_NAMES, type Services } from '../services.ts'
import { readAppStatus, type AppStatus } from './read-app-status.ts'
import type { CheckServers } from './check-servers.ts'
import {
  readBrokerMetrics,
  readCacheMetrics,
  METRIC_NAMES,
  readProcessMetrics,
  readRetentionDays,
  readSendingMetrics,
} from './system-metrics.ts'
import { Samples } from './samples.ts'

export interface SystemStatusOptions {
  readonly services: Services
  /** Of this app. */
  readonly metrics: Metrics
  /** Checks of this app that fail. */
  readonly failures: () => Readonly<Record<string, string>>
  /** What people should know of this app, by name; undefined: nothing. */
  readonly notes: Readonly<Record<string, () => string | undefined>>
  /** Whether all apps are this process, as in the standalone mode. Default: each is one of its own. */
  readonly oneProcess?: boolean | undefined
  readonly checkServers: CheckServers
  readonly readRetention: () => Promise<RetentionState | null>
  readonly signOwn: SignOwn
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal
}

/** Reads the status of every app and server at once. Never throws: what is not known is null. */
export async function readSystemStatus(options: SystemStatusOptions): Promise<SystemState> {
  const { services, signal, signOwn, fetch } = options
  const [self, servers, retention, ...others] = await Promise.all([
    readOwnStatus(options),
    options.checkServers(),
    options.readRetention(),
    ...SERVICE_NAMES.map((name) =>
      readAppStatus(
        { origin: services[name], signPath: (path) => signOwn(name, 'GET', path), fetch },
        signal,
      ),
    ),
  ])
  const answers = new Map(SERVICE_NAMES.map((name, i) => [name, others[i]!]))
  const consumer = answers.get('consumer')!
  const nowMs = Date.now()
  return {
    at: new Date(nowMs).toISOString(),
    apps: [
      present('query-api', null, self, nowMs),
      ...SERVICE_NAMES.map((name) => present(name, services[name], answers.get(name)!, nowMs)),
    ],
    servers,
    broker: readBrokerMetrics(consumer.samples, nowMs),
    cache: readCacheMetrics(self.samples),
    sending: readSendingMetrics(answers.get('message-dispatcher')!.samples, nowMs),
    retention,
    retentionDays: readRetentionDays(consumer.samples),
    oneProcess: options.oneProcess ?? false,
  }
}

async function readOwnStatus({ metrics, failures, notes }: SystemStatusOptions): Promise<AppStatus> {
  const found = failures()
  return {
    status: Object.keys(found).length === 0 ? 'ready' : 'unready',
    failures: found,
    notes: Object.fromEntries(
      Object.entries(notes).flatMap(([name, read]) => {
        const note = read()
        return note === undefined ? [] : [[name, note] as const]
      }),
    ),
    problem: null,
    samples: new Samples(parseExposition(await metrics.metrics(), METRIC_NAMES)),
  }
}

function present(name: string, url: string | null, answer: AppStatus, nowMs: number): AppState {
  const { status, failures, notes, problem, samples } = answer
  return { name, url, status, failures, notes, problem, ...readProcessMetrics(samples, nowMs) }
}
