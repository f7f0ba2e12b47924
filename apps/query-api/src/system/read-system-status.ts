import type { AppState, SystemState } from '@runnel/contracts/api/system'
import { parseExposition, type Metrics } from '@runnel/observability'
import { SERVICE_NAMES, type Services } from '../services.ts'
import { askApp, type AppAnswer } from './read-app-status.ts'
import type { LookAtServers } from './check-servers.ts'
import {
  brokerNumbers,
  cacheNumbers,
  METRIC_NAMES,
  processNumbers,
  sendingNumbers,
} from './system-metrics.ts'
import { Samples } from './samples.ts'

export interface SurroundingsOptions {
  readonly services: Services
  /** Of this app. */
  readonly metrics: Metrics
  /** Checks of this app that fail. */
  readonly failures: () => Readonly<Record<string, string>>
  readonly lookAtServers: LookAtServers
  readonly signal: AbortSignal
}

/** Asks everybody at once how they are. Never throws: what is not known is null. */
export async function lookAround(options: SurroundingsOptions): Promise<SystemState> {
  const { services, signal } = options
  const [self, servers, ...others] = await Promise.all([
    askMyself(options),
    options.lookAtServers(),
    ...SERVICE_NAMES.map((name) => askApp(services[name], signal)),
  ])
  const answers = new Map(SERVICE_NAMES.map((name, i) => [name, others[i]!]))
  const nowMs = Date.now()
  return {
    at: new Date(nowMs).toISOString(),
    apps: [
      present('query-api', null, self, nowMs),
      ...SERVICE_NAMES.map((name) => present(name, services[name], answers.get(name)!, nowMs)),
    ],
    servers,
    broker: brokerNumbers(answers.get('consumer')!.samples),
    cache: cacheNumbers(self.samples),
    sending: sendingNumbers(answers.get('message-dispatcher')!.samples),
  }
}

async function askMyself({ metrics, failures }: SurroundingsOptions): Promise<AppAnswer> {
  const found = failures()
  return {
    status: Object.keys(found).length === 0 ? 'ready' : 'unready',
    failures: found,
    problem: null,
    samples: new Samples(parseExposition(await metrics.metrics(), METRIC_NAMES)),
  }
}

function present(name: string, url: string | null, answer: AppAnswer, nowMs: number): AppState {
  const { status, failures, problem, samples } = answer
  return { name, url, status, failures, problem, ...processNumbers(samples, nowMs) }
}
