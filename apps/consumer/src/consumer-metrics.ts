import { KINDS, type Kind } from '@runnel/contracts'
import type { Backlog, StreamSpec } from '@runnel/messaging'
import type { JoinedEdges, SweptCounts } from '@runnel/repositories-events'
import { counter, gauge, histogram, type Metrics } from '@runnel/observability'
import { IGNORED_HEADERS, type IgnoredHeader } from './read-headers.ts'

const OUTCOMES = ['stored', 'repeated', 'duplicate', 'dead_lettered'] as const

type EventOutcome = (typeof OUTCOMES)[number]

type Specs = Readonly<Record<Kind, StreamSpec>>

/** What the consumer counts. The counters die with the process and indicate; `verify` proves. */
export interface ConsumerMetrics {
  events(kind: Kind, outcome: EventOutcome, count: number): void
  /** @param oldestMs age of the oldest message of the batch when it was stored; undefined where the broker keeps no time */
  batch(kind: Kind, batch: { events: number; durationMs: number; oldestMs: number | undefined }): void
  retry(kind: Kind): void
  ignoredHeader(kind: Kind, header: IgnoredHeader): void
  /** Events that name a time which could not be read. */
  unreadTimes(kind: Kind, count: number): void
  /** Calls between spans by whether their caller was found. */
  joinedEdges(joined: JoinedEdges): void
  /** Days whose counts of logs were compared with their entries. */
  sweptLogCounts(swept: SweptCounts): void
}

/**
 * Counters show 0 from the start: one that appears with its first event has no increase that an alert could see.
 *
 * @param backlog asked at each scrape; kinds whose backlog is not known are left out
 */
export function createConsumerMetrics(
  metrics: Metrics,
  specs: Specs,
  backlog: () => Promise<ReadonlyMap<Kind, Backlog>>,
): ConsumerMetrics {
  const events = counter(metrics, 'runnel_consumer_events_total', 'Events by what became of them', [
    'kind',
    'outcome',
  ])
  const sizes = histogram(
    metrics,
    'runnel_consumer_batch_events',
    'Events in a batch',
    ['kind'],
    [1, 10, 100, 1000, 10_000, 100_000],
  )
  const durations = histogram(
    metrics,
    'runnel_consumer_batch_duration_seconds',
    'Time from a batch to its commit',
    ['kind'],
    [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
  )
  const lags = exposeLag(metrics)
  const retries = counter(
    metrics,
    'runnel_consumer_database_retries_total',
    'Attempts that failed for trouble that passes',
    ['kind'],
  )
  const unreadTimes = counter(
    metrics,
    'runnel_consumer_unread_times_total',
    'Stored events that name a time which cannot be read: they count as of when they were received',
    ['kind'],
  )
  unreadTimes.inc({ kind: 'logs' }, 0)
  const ignored = counter(
    metrics,
    'runnel_consumer_ignored_headers_total',
    'Headers of the protocol that were not obeyed: they came from another publisher than Runnel',
    ['kind', 'header'],
  )
  for (const kind of KINDS) {
    for (const header of IGNORED_HEADERS) ignored.inc({ kind, header }, 0)
    retries.inc({ kind }, 0)
    for (const outcome of OUTCOMES) events.inc({ kind, outcome }, 0)
  }
  describeBacklog(metrics, specs, backlog)
  return {
    events: (kind, outcome, count) => {
      if (count > 0) events.inc({ kind, outcome }, count)
    },
    batch: (kind, batch) => {
      sizes.observe({ kind }, batch.events)
      durations.observe({ kind }, batch.durationMs / 1000)
      lags(kind, batch.oldestMs)
    },
    retry: (kind) => retries.inc({ kind }),
    ignoredHeader: (kind, header) => ignored.inc({ kind, header }),
    joinedEdges: countEdges(metrics),
    sweptLogCounts: countLogSweeps(metrics),
    unreadTimes: (kind, count) => unreadTimes.inc({ kind }, count),
  }
}

/** @returns a function that takes the age of the oldest message of a batch that was just stored, where it is known */
function exposeLag(metrics: Metrics): (kind: Kind, oldestMs: number | undefined) => void {
  const lag = gauge(
    metrics,
    'runnel_consumer_lag_seconds',
    'Age of the oldest message of the last batch when it was stored',
    ['kind'],
  )
  const batchTimes = gauge(
    metrics,
    'runnel_consumer_last_batch_timestamp_seconds',
    'When the last batch was stored: how old the lag is. Seconds since 1970',
    ['kind'],
  )
  return (kind, oldestMs) => {
    batchTimes.setToCurrentTime({ kind })
    if (oldestMs !== undefined) lag.set({ kind }, Math.max(0, oldestMs) / 1000)
  }
}

function countEdges(metrics: Metrics): ConsumerMetrics['joinedEdges'] {
  const edges = counter(
    metrics,
    'runnel_consumer_trace_edges_total',
    'Calls that spans are the called side of, by whether the span that called was found',
    ['outcome'],
  )
  for (const outcome of ['joined', 'orphaned']) edges.inc({ outcome }, 0)
  return ({ joined, orphaned }) => {
    edges.inc({ outcome: 'joined' }, joined)
    edges.inc({ outcome: 'orphaned' }, orphaned)
  }
}

function countLogSweeps(metrics: Metrics): ConsumerMetrics['sweptLogCounts'] {
  const days = counter(
    metrics,
    'runnel_consumer_log_count_checks_total',
    'Days whose counts of logs were compared with their entries, by whether they agreed',
    ['outcome'],
  )
  for (const outcome of ['agreed', 'differed']) days.inc({ outcome }, 0)
  return ({ agrees }) => days.inc({ outcome: agrees ? 'agreed' : 'differed' })
}

/** Gauges of one scrape show one look at the broker, which is asked again after this. */
const BACKLOG_FRESH_MS = 1000

/** What lies at the broker, looked up at each scrape; a kind that the broker does not report is left out. */
function describeBacklog(
  metrics: Metrics,
  specs: Specs,
  backlog: () => Promise<ReadonlyMap<Kind, Backlog>>,
): void {
  let looked: Promise<ReadonlyMap<Kind, Backlog>> | undefined
  let lookedAt = 0
  const look = () => {
    const fresh = performance.now() - lookedAt <= BACKLOG_FRESH_MS
    if (looked && fresh) return looked
    lookedAt = performance.now()
    looked = backlog()
    return looked
  }
  const show = (name: string, help: string, field: keyof Backlog) =>
    gauge(metrics, name, help, ['kind'], async (shown) => {
      const backlogs = await look()
      shown.reset()
      for (const [kind, { [field]: value }] of backlogs) if (value !== undefined) shown.set({ kind }, value)
    })
  show('runnel_broker_pending_messages', 'Messages that no consumer holds', 'pending')
  show(
    'runnel_broker_unsettled_messages',
    'Messages delivered and not settled; not where the broker is RabbitMQ',
    'ackPending',
  )
  show('runnel_broker_stream_messages', 'Messages in the stream', 'messages')
  show('runnel_broker_stream_bytes', 'Bytes in the stream; not where the broker is RabbitMQ', 'bytes')
  const limit = gauge(
    metrics,
    'runnel_broker_stream_limit_bytes',
    'Bytes at which the stream refuses, as configured for this app',
    ['kind'],
  )
  for (const kind of KINDS) limit.set({ kind }, specs[kind].maxBytes)
}

/** Counts what sweeps find: messages that the broker held and had stopped delivering. They are delivered again. */
export function countSweeps(
  metrics: Metrics,
  specs: Specs,
): (swept: { stream: string; messages: number }) => void {
  const total = counter(
    metrics,
    'runnel_broker_swept_messages_total',
    'Messages that the broker had stopped delivering, and that were delivered again',
    ['stream'],
  )
  for (const { stream } of Object.values(specs)) total.inc({ stream }, 0)
  return ({ stream, messages }) => total.inc({ stream }, messages)
}
