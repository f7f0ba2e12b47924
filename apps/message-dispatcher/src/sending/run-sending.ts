import { createTokenBuckets } from '@runnel/cache'
import { readSendBacklog } from '@runnel/repositories-mailings'
import { hostname } from 'node:os'
import type { Deps } from '../deps.ts'
import { createTemplates } from '../template/templates.ts'
import { createUnsubscribeLinks } from '../unsubscribe/unsubscribe-links.ts'
import type { Breakers } from './breaker/create-breakers.ts'
import { configuredChannels, type ConfiguredChannel } from './channels/configured-channels.ts'
import type { EngineDeps } from './engine-deps.ts'
import { createEngineOptions } from './engine-settings.ts'
import { createHeartbeat } from './rates/heartbeat.ts'
import { createSharedRates } from './rates/shared-rates.ts'
import { createFailureLog } from './results/failure-log.ts'
import { runEngine } from './run-engine.ts'
import { createSendMetrics, type SendMetrics } from './send-metrics.ts'
import { createSendStore } from './send-store.ts'

/** What the engines of all channels share. */
type Shared = Pick<EngineDeps, 'store' | 'templates' | 'onRecorded'> & {
  readonly metrics: SendMetrics
  readonly breakers: Breakers
  readonly buckets: ReturnType<typeof createTokenBuckets>
  readonly replicas: () => number | undefined
}

/**
 * Sends messages through every channel that is configured until the signal aborts. Each has an engine of its own, with claims, rates
 * and a breaker of its own: the trouble of one costs the others nothing.
 *
 * @returns resolves once nothing is under way and everything is recorded
 */
export async function runSending(deps: Deps, breakers: Breakers): Promise<void> {
  const { log, metrics, database, clock, sending, signal } = deps
  const readBacklog = () => readSendBacklog(database, clock.nowMs())
  const heartbeat = createHeartbeat({ database, log })
  const failures = createFailureLog(log, sending.failedLinesPerSecond)
  const ended = new AbortController()
  const beating = heartbeat.run(AbortSignal.any([signal, ended.signal]))
  const shared: Shared = {
    metrics: createSendMetrics({ metrics, breakers, readBacklog }),
    breakers,
    buckets: createTokenBuckets(deps.redis),
    replicas: heartbeat.replicas,
    store: createSendStore(database),
    templates: createTemplates(),
    onRecorded: (applied, records) => {
      deps.countMessages(applied)
      failures.add(applied, records)
    },
  }
  try {
    await Promise.all(configuredChannels(sending).map((channel) => runChannel(deps, shared, channel)))
  } finally {
    ended.abort()
    failures.close()
    await beating
  }
}

async function runChannel(
  deps: Deps,
  { metrics, breakers, buckets, replicas, ...shared }: Shared,
  { name, limits, open }: ConfiguredChannel,
): Promise<void> {
  const { clock, wake, sending, signal, lastCall, smtpCa } = deps
  const links = name === 'email' ? createUnsubscribeLinks(sending.unsubscribe) : undefined
  const log = deps.log.child({ channel: name })
  const channel = metrics.measure(name, open({ clock, log, smtpCa }))
  try {
    await runEngine({
      ...{ ...shared, log, clock, wake, channel, signal, lastCall },
      breaker: breakers.get(name)!,
      rates: createSharedRates(
        { channel: name, ratePerSecond: limits.ratePerSecond },
        { buckets, keys: deps.cacheKeys, replicas },
      ),
      unsubscribeUrl: links && ((claim) => links.of(claim)),
      options: {
        ...createEngineOptions(sending.engine, name, limits),
        keepsTexts: deps.schedule.sentTexts.days > 0,
      },
      owner: `${hostname()}:${process.pid}`,
      random: Math.random,
      monotonicMs: () => performance.now(),
    })
  } finally {
    await channel.close()
  }
}
