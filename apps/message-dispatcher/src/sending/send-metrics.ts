import type { ChannelName } from '@runnel/contracts'
import { counter, gauge, histogram, type Metrics } from '@runnel/observability'
import type { SendBacklog } from '@runnel/repositories-mailings'
import type { BreakerState } from './breaker/channel-breaker.ts'
import type { Breakers } from './breaker/create-breakers.ts'
import { BREAKER_REASONS, PAUSE_REASON } from './breaker/breaker-rules.ts'
import { OUTCOMES, type Channel, type Outcome } from './channels/channel.ts'

export interface SendMetricsDeps {
  readonly metrics: Metrics
  readonly breakers: Breakers
  /** Reads what waits to be sent, at a scrape. May reject. */
  readonly readBacklog: () => Promise<SendBacklog>
  /** Monotonic milliseconds. */
  readonly now?: () => number
}

export interface SendMetrics {
  /** @returns a channel that counts the attempts of the given one */
  measure(name: ChannelName, channel: Channel): Channel
}

const STATES: readonly BreakerState[] = ['closed', 'open', 'probing', 'ramping', 'paused']
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** However often it is scraped, the backlog is read at most this often. */
const BACKLOG_MS = 2000

/** Labels have few, known values, which show from the start: no mailing, no message. */
export function createSendMetrics({ metrics, breakers, readBacklog, now }: SendMetricsDeps): SendMetrics {
  const sends = counter(metrics, 'runnel_sends_total', 'Attempts to send, by channel and outcome', [
    'channel',
    'outcome',
  ])
  const seconds = histogram(
    metrics,
    'runnel_send_attempt_seconds',
    'Duration of attempts to send, by channel',
    ['channel'],
    SECONDS,
  )
  exposeStops(metrics, breakers)
  exposeBacklog(metrics, remember(readBacklog, now ?? (() => performance.now())))
  return {
    measure(name, channel) {
      const counts = Object.fromEntries(
        OUTCOMES.map((outcome) => [outcome, sends.labels({ channel: name, outcome })]),
      ) as Record<Outcome, ReturnType<typeof sends.labels>>
      for (const outcome of OUTCOMES) counts[outcome].inc(0)
      const took = seconds.labels({ channel: name })
      return {
        async send(message, context) {
          const result = await channel.send(message, context)
          counts[result.outcome].inc()
          took.observe(result.durationMs / 1000)
          return result
        },
        close: () => channel.close(),
      }
    },
  }
}

/** Why nothing is sent through a channel, and for how long. The gateway's own metrics are older, and say the same of it. */
function exposeStops(metrics: Metrics, breakers: Breakers): void {
  const gateway = breakers.get('gateway')
  const gatewayHelp = '1 for the state of the circuit breaker in front of the gateway'
  gauge(metrics, 'runnel_gateway_breaker_state', gatewayHelp, ['state'], (made) => {
    for (const state of STATES) made.set({ state }, state === gateway?.state ? 1 : 0)
  })
  const help = '1 for the state of the circuit breaker of a channel'
  gauge(metrics, 'runnel_channel_breaker_state', help, ['channel', 'state'], (made) => {
    for (const [channel, breaker] of breakers)
      for (const state of STATES) made.set({ channel, state }, state === breaker.state ? 1 : 0)
  })
  const reasons = [PAUSE_REASON, ...BREAKER_REASONS]
  const reasonHelp = '1 for the reason for which nothing is sent; 0 for all where messages go out'
  gauge(metrics, 'runnel_gateway_stopped', reasonHelp, ['reason'], (made) => {
    for (const reason of reasons) made.set({ reason }, reason === gateway?.reason ? 1 : 0)
  })
  gauge(metrics, 'runnel_channel_stopped', reasonHelp, ['channel', 'reason'], (made) => {
    for (const [channel, breaker] of breakers)
      for (const reason of reasons) made.set({ channel, reason }, reason === breaker.reason ? 1 : 0)
  })
  const endHelp = 'Seconds until the pause ends or the next probe is due; 0 where messages go out'
  gauge(metrics, 'runnel_gateway_resumes_in_seconds', endHelp, [], (made) =>
    made.set((gateway?.resumesInMs() ?? 0) / 1000),
  )
  gauge(metrics, 'runnel_channel_resumes_in_seconds', endHelp, ['channel'], (made) => {
    for (const [channel, breaker] of breakers) made.set({ channel }, (breaker.resumesInMs() ?? 0) / 1000)
  })
}

/** While the database is unreachable the values are left out: an old one would look current. */
function exposeBacklog(metrics: Metrics, read: () => Promise<SendBacklog | undefined>): void {
  gauge(metrics, 'runnel_send_chunks_open', 'Chunks of messages that are not done', [], async (made) => {
    const backlog = await read()
    made.reset()
    if (backlog) made.set(backlog.openChunks)
    else made.remove()
  })
  const help = 'Seconds since the oldest retry, or the oldest chunk without a lease, could have been sent'
  gauge(metrics, 'runnel_send_due_lag_seconds', help, ['work'], async (made) => {
    const backlog = await read()
    made.reset()
    if (!backlog) return
    made.set({ work: 'retry' }, backlog.retryLagSeconds)
    made.set({ work: 'chunk' }, backlog.chunkLagSeconds)
  })
}

/** One query at a time, whose result serves all gauges of a scrape. @returns a function that never rejects */
function remember<T>(read: () => Promise<T>, now: () => number): () => Promise<T | undefined> {
  let latest: Promise<T | undefined> | undefined
  let readAt = -Infinity
  return () => {
    if (latest && now() - readAt < BACKLOG_MS) return latest
    readAt = now()
    latest = read().catch(() => undefined)
    return latest
  }
}
