import type { Kind } from '@runnel/contracts'
import { counter, gauge, histogram, type Metrics } from '@runnel/observability'
import type { Answer } from '../http/parse-answer.ts'
import { statusLabel, type Outcome } from './stream-counts.ts'

export interface StreamMetrics {
  events(kind: Kind, outcome: Outcome, count: number): void
  request(kind: Kind, answer: Answer, seconds: number): void
}

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** @param now looked up at every scrape */
export function createStreamMetrics(
  metrics: Metrics,
  now: () => { readonly running: boolean; readonly outstanding: number },
): StreamMetrics {
  const events = counter(
    metrics,
    'runnel_producer_events_total',
    'Events of the stream by what became of them',
    ['kind', 'outcome'],
  )
  const requests = histogram(
    metrics,
    'runnel_producer_request_duration_seconds',
    'Time of one try to post events, until its answer',
    ['kind', 'status'],
    BUCKETS_SECONDS,
  )
  gauge(metrics, 'runnel_producer_stream_running', '1 while the stream runs', [], (made) =>
    made.set(now().running ? 1 : 0),
  )
  gauge(
    metrics,
    'runnel_producer_outstanding_requests',
    'Requests of the stream without an answer',
    [],
    (made) => made.set(now().outstanding),
  )
  return {
    events: (kind, outcome, count) => {
      if (count > 0) events.labels(kind, outcome).inc(count)
    },
    request: (kind, answer, seconds) => requests.labels(kind, statusLabel(answer)).observe(seconds),
  }
}
