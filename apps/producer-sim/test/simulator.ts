import type { HttpServer } from '@runnel/http'
import { createLogger, createMetrics, type Metrics } from '@runnel/observability'
import { createProducerSim } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import { FakeGateway } from '../src/gateway/fake-gateway.ts'

export interface StreamView {
  readonly state: string
  readonly since: string
  readonly run: string | null
  readonly settings: { readonly ratePerSecond: number; readonly kinds: object; readonly seed: number }
  readonly outstanding: number
  readonly counts: Record<string, Record<string, number>>
  readonly answers: Record<string, number>
  readonly lastFailure: { readonly at: string; readonly reason: string } | null
}

export interface Simulator extends AsyncDisposable {
  readonly app: HttpServer
  readonly metrics: Metrics
  /** What the process does at SIGTERM. */
  drain(): Promise<void>
  /** @throws Error unless the answer is 200 */
  call(method: 'GET' | 'PATCH' | 'POST', path?: string, body?: object): Promise<StreamView>
  /** A count over all kinds. */
  total(name: string): Promise<number>
}

/** The app in this process. Unless `env` says otherwise its stream is fast, so that tests are. */
export async function startSimulator(
  ingestUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Simulator> {
  const draining = new AbortController()
  const metrics = createMetrics('producer-sim')
  const log = createLogger('test', 'silent')
  const config = loadConfig({ STREAM_RATE: '100', ...env })
  const app = await createProducerSim({
    log,
    metrics,
    signal: draining.signal,
    ingestUrl,
    gateway: new FakeGateway(log, config.gateway),
    stream: config.stream,
  })
  await app.ready()
  const call = async (method: 'GET' | 'PATCH' | 'POST', path = '', body?: object): Promise<StreamView> => {
    const answer = await app.inject({ method, url: `/api/v1/stream${path}`, ...(body && { payload: body }) })
    if (answer.statusCode !== 200) throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body}`)
    return answer.json<StreamView>()
  }
  const drain = async () => {
    draining.abort()
    await app.close()
  }
  return {
    app,
    metrics,
    drain,
    call,
    total: async (name) => {
      const { counts } = await call('GET')
      return Object.values(counts).reduce((sum, one) => sum + (one[name] ?? 0), 0)
    },
    [Symbol.asyncDispose]: drain,
  }
}
