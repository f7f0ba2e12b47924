import { createTokenBuckets } from '@runnel/cache'
import { readSendBacklog } from '@runnel/repositories-mailings'
import { hostname } from 'node:os'
import type { Deps } from '../deps.ts'
import { createTemplates } from '../template/templates.ts'
import type { ChannelBreaker } from './breaker/channel-breaker.ts'
import { createEngineOptions } from './engine-settings.ts'
import { createHeartbeat } from './rates/heartbeat.ts'
import { createSharedRates } from './rates/shared-rates.ts'
import { createFailureLog } from './results/failure-log.ts'
import { runEngine } from './run-engine.ts'
import { createSendMetrics } from './send-metrics.ts'
import { createSendStore } from './send-store.ts'
import { createUndiciGateway } from './channels/gateway/undici-gateway.ts'

/**
 * Sends messages through the gateway until the signal aborts.
 *
 * @returns resolves once nothing is under way and everything is recorded
 */
export async function runSending(deps: Deps, breaker: ChannelBreaker): Promise<void> {
  const { log, metrics, database, clock, wake, sending, signal, lastCall } = deps
  const readBacklog = () => readSendBacklog(database, clock.nowMs())
  const counts = createSendMetrics({ metrics, breaker, readBacklog })
  const channel = counts.measure(createUndiciGateway(sending.gateway, { clock, log }))
  const heartbeat = createHeartbeat({ database, log })
  const failures = createFailureLog(log, sending.failedLinesPerSecond)
  const buckets = createTokenBuckets(deps.redis)
  const ended = new AbortController()
  const beating = heartbeat.run(AbortSignal.any([signal, ended.signal]))
  try {
    await runEngine({
      ...{ log, clock, wake, channel, breaker, signal, lastCall },
      store: createSendStore(database),
      rates: createSharedRates(sending, { buckets, keys: deps.cacheKeys, replicas: heartbeat.replicas }),
      templates: createTemplates(),
      options: {
        ...createEngineOptions(sending.engine, sending.gateway, sending.ratePerSecond),
        keepsTexts: deps.schedule.sentTexts.days > 0,
      },
      owner: `${hostname()}:${process.pid}`,
      random: Math.random,
      monotonicMs: () => performance.now(),
      onRecorded: (applied, records) => {
        deps.countMessages(applied)
        failures.add(applied, records)
      },
    })
  } finally {
    ended.abort()
    failures.close()
    await Promise.all([channel.close(), beating])
  }
}
