import { KINDS } from '@runnel/contracts'
import type { BrokerState, CacheState, SendingState } from '@runnel/contracts/api/system'
import type { Samples } from './samples.ts'

/** Every metric that the page of the system shows. */
export const METRIC_NAMES: ReadonlySet<string> = new Set([
  'process_start_time_seconds',
  'process_resident_memory_bytes',
  'nodejs_version_info',
  'nodejs_eventloop_lag_p99_seconds',
  'runnel_clock_offset_seconds',
  'runnel_broker_pending_messages',
  'runnel_broker_unsettled_messages',
  'runnel_broker_stream_messages',
  'runnel_broker_stream_bytes',
  'runnel_broker_stream_limit_bytes',
  'runnel_consumer_lag_seconds',
  'runnel_consumer_last_batch_timestamp_seconds',
  'runnel_consumer_events_total',
  'runnel_cache_requests_total',
  'runnel_cache_memory_bytes',
  'runnel_gateway_breaker_state',
  'runnel_gateway_stopped',
  'runnel_gateway_resumes_in_seconds',
  'runnel_send_chunks_open',
  'runnel_send_due_lag_seconds',
  'runnel_messages_total',
  'runnel_retention_days',
])

/** The process itself, from what every app exposes. */
export function readProcessMetrics(samples: Samples, nowMs: number) {
  return {
    uptimeSeconds: secondsSince(samples.sum('process_start_time_seconds'), nowMs),
    memoryBytes: samples.sum('process_resident_memory_bytes'),
    nodeVersion: samples.state('nodejs_version_info', 'version'),
    eventLoopLagSeconds: samples.sum('nodejs_eventloop_lag_p99_seconds'),
    clockOffsetSeconds: samples.sum('runnel_clock_offset_seconds'),
  }
}

/** Backlog of the broker and lag behind it by kind, as one consumer sees them. */
export function readBrokerMetrics(samples: Samples, nowMs: number): BrokerState[] {
  return KINDS.map((kind) => ({
    kind,
    pendingMessages: samples.sum('runnel_broker_pending_messages', { kind }),
    unsettledMessages: samples.sum('runnel_broker_unsettled_messages', { kind }),
    streamMessages: samples.sum('runnel_broker_stream_messages', { kind }),
    streamBytes: samples.sum('runnel_broker_stream_bytes', { kind }),
    streamLimitBytes: samples.sum('runnel_broker_stream_limit_bytes', { kind }),
    lagSeconds: samples.sum('runnel_consumer_lag_seconds', { kind }),
    lagAgeSeconds: secondsSince(samples.sum('runnel_consumer_last_batch_timestamp_seconds', { kind }), nowMs),
    storedEvents: samples.sum('runnel_consumer_events_total', { kind, outcome: 'stored' }),
    deadLetteredEvents: samples.sum('runnel_consumer_events_total', { kind, outcome: 'dead_lettered' }),
  }))
}

/** For how long events are kept, as the consumer was told. */
export function readRetentionDays(samples: Samples): number | null {
  return samples.sum('runnel_retention_days')
}

function secondsSince(timestamp: number | null, nowMs: number): number | null {
  return timestamp === null ? null : Math.max(0, Math.round(nowMs / 1000 - timestamp))
}

/** Look-ups of this process since its start. */
export function readCacheMetrics(samples: Samples): CacheState {
  const count = (layer: string, outcome: string) =>
    samples.sum('runnel_cache_requests_total', { layer, outcome }) ?? 0
  const [memoryHits, staleHits] = [count('memory', 'hit'), count('memory', 'stale')]
  const lookups = memoryHits + staleHits + count('memory', 'miss')
  const redisHits = count('redis', 'hit')
  return {
    lookups,
    memoryHits,
    redisHits,
    staleHits,
    failedLoads: count('loader', 'failed'),
    hitRatio: lookups === 0 ? null : Math.min(1, (memoryHits + staleHits + redisHits) / lookups),
    memoryBytes: samples.sum('runnel_cache_memory_bytes'),
  }
}

/** The gateway's breaker and what waits to be sent. */
export function readSendingMetrics(samples: Samples, nowMs: number): SendingState {
  const stopReason = samples.state('runnel_gateway_stopped', 'reason')
  const seconds = samples.sum('runnel_gateway_resumes_in_seconds')
  return {
    stopReason,
    resumesAt:
      stopReason === null || seconds === null ? null : new Date(nowMs + seconds * 1000).toISOString(),
    breaker: samples.state('runnel_gateway_breaker_state', 'state'),
    openChunks: samples.sum('runnel_send_chunks_open'),
    chunkLagSeconds: samples.sum('runnel_send_due_lag_seconds', { work: 'chunk' }),
    retryLagSeconds: samples.sum('runnel_send_due_lag_seconds', { work: 'retry' }),
    sentMessages: samples.sum('runnel_messages_total', { status: 'sent' }),
    failedMessages: samples.sum('runnel_messages_total', { status: 'failed' }),
  }
}
