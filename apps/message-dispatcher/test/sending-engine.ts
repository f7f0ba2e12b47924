import type { Notices } from '@runnel/messaging'
import { createLogger } from '@runnel/observability'
import type { Database } from '@runnel/repositories-database'
import type { ChannelBreaker } from '../src/sending/breaker/channel-breaker.ts'
import type { EngineDeps, EngineOptions } from '../src/sending/engine-deps.ts'
import type { Channel } from '../src/sending/channels/channel.ts'
import type { Rates } from '../src/sending/rates/rates.ts'
import { runEngine } from '../src/sending/run-engine.ts'
import { createSendStore, type SendStore } from '../src/sending/send-store.ts'
import { createTemplates } from '../src/template/templates.ts'
import { createWake } from '../src/wake.ts'

export interface TestEngineOptions {
  readonly database: Database
  readonly channel: Channel
  readonly nowMs: () => number
  readonly owner?: string
  readonly unsubscribeUrl?: EngineDeps['unsubscribeUrl']
  readonly options?: Partial<EngineOptions>
  readonly breaker?: ChannelBreaker
  readonly rates?: Rates
  readonly random?: () => number
  readonly monotonicMs?: () => number
  readonly lastCall?: AbortSignal
  /** Stands between the engine and the database. */
  readonly store?: (store: SendStore) => SendStore
}

export interface TestEngine {
  wake(): void
  /** Resolves once the engine has drained. */
  drain(): Promise<void>
}

const OPTIONS: EngineOptions = {
  channelName: 'gateway',
  concurrency: 16,
  intervalMs: 30,
  leaseMs: 60_000,
  sendTimeoutMs: 10_000,
  flushMs: 10,
  maxUnflushed: 2000,
  retryDelayMs: 20,
  retryMaxMs: 600_000,
  ratePerSecond: 0,
  deduplicates: true,
  keepsTexts: true,
}

/** @param around stands between each call and its effect */
export function wrapStore(
  store: SendStore,
  around: (name: keyof SendStore, call: () => Promise<unknown>, parameters: unknown[]) => Promise<unknown>,
): SendStore {
  return Object.fromEntries(
    Object.entries(store).map(([name, call]) => [
      name,
      (...parameters: never[]) =>
        around(
          name as keyof SendStore,
          () => (call as (...parameters: never[]) => Promise<unknown>)(...parameters),
          parameters,
        ),
    ]),
  ) as unknown as SendStore
}

/** One replica's sending, in this process. */
export function startEngine(test: TestEngineOptions): TestEngine {
  const abort = new AbortController()
  const store = createSendStore(test.database)
  const wake = createWake(SILENT, 'wake')
  const deps: EngineDeps = {
    log: createLogger('message-dispatcher', process.env['TEST_LOG_LEVEL'] === 'debug' ? 'debug' : 'silent'),
    store: test.store?.(store) ?? store,
    clock: { nowMs: test.nowMs },
    wake,
    channel: test.channel,
    breaker: test.breaker ?? createFakeBreaker(),
    rates: test.rates ?? UNLIMITED,
    templates: createTemplates(),
    unsubscribeUrl: test.unsubscribeUrl,
    options: { ...OPTIONS, ...test.options },
    owner: test.owner ?? 'one',
    random: test.random ?? Math.random,
    monotonicMs: test.monotonicMs ?? (() => performance.now()),
    signal: abort.signal,
    lastCall: test.lastCall ?? new AbortController().signal,
  }
  const running = runEngine(deps)
  return {
    wake: () => wake.notify(),
    drain: () => {
      abort.abort()
      return running
    },
  }
}

const UNLIMITED: Rates = {
  take: (_mailingId, _rate, wanted) => Promise.resolve({ granted: wanted, retryInMs: 0 }),
  giveBack: () => undefined,
}

/** A breaker whose allowance is set by the test. */
export interface FakeBreaker extends ChannelBreaker {
  limit: number
  /** How often the engine has read its state. */
  refreshes: number
}

export function createFakeBreaker(): FakeBreaker {
  const breaker: FakeBreaker = {
    limit: Infinity,
    refreshes: 0,
    allowance: (full) => Math.min(full, breaker.limit),
    report: ({ scope }) => scope === 'message',
    refresh: () => {
      breaker.refreshes += 1
      return Promise.resolve()
    },
    get state() {
      return breaker.limit === 0 ? 'open' : 'closed'
    },
    waitMs: () => (breaker.limit === 0 ? 20 : 0),
    reason: null,
    resumesInMs: () => undefined,
    suspects: new Set(),
    hadTurn: new Set(),
    beginRound: () => undefined,
    mayProbeOthers: false,
    takeEarlyProbe: () => Promise.resolve(false),
  }
  return breaker
}

const SILENT: Notices = {
  send: () => undefined,
  subscribe: () => () => undefined,
  onGap: () => () => undefined,
}
