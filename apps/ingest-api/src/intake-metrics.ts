import type { Kind } from '@runnel/contracts'
import { counter, gauge, type Metrics } from '@runnel/observability'
import type { Lane } from './intake.ts'

/** What the intake counts. The counters die with the process and indicate; `verify` proves. */
export interface IntakeMetrics {
  accepted(kind: Kind, count: number): void
  rejected(kind: Kind, count: number): void
}

export function createIntakeMetrics(metrics: Metrics, lanes: readonly Lane[]): IntakeMetrics {
  const events = counter(
    metrics,
    'runnel_ingest_events_total',
    'Events by what became of them at admission',
    ['kind', 'outcome'],
  )
  const accepted = childrenByKind(lanes, (kind) => events.labels(kind, 'accepted'))
  const rejected = childrenByKind(lanes, (kind) => events.labels(kind, 'rejected'))
  // Shown from the start: a counter that appears with its first event has no increase that anybody could see.
  for (const { kind } of lanes) for (const children of [accepted, rejected]) children[kind].inc(0)
  describeQueues(metrics, lanes)
  return {
    accepted: (kind, count) => accepted[kind].inc(count),
    rejected: (kind, count) => {
      if (count > 0) rejected[kind].inc(count)
    },
  }
}

function childrenByKind<C>(lanes: readonly Lane[], create: (kind: Kind) => C): Record<Kind, C> {
  return Object.fromEntries(lanes.map(({ kind }) => [kind, create(kind)])) as Record<Kind, C>
}

/** What waits for the broker in this process, looked up at each scrape. */
function describeQueues(metrics: Metrics, lanes: readonly Lane[]): void {
  const sum = (lane: Lane, name: 'queuedEvents' | 'queuedBytes' | 'inFlight' | 'published' | 'republished') =>
    lane.commit.stats()[name] + lane.commitForReply.stats()[name]
  const each = (name: string, help: string, field: Parameters<typeof sum>[1]) =>
    gauge(metrics, name, help, ['kind'], (made) =>
      lanes.forEach((lane) => made.set({ kind: lane.kind }, sum(lane, field))),
    )
  each('runnel_ingest_queue_events', 'Events that wait for the broker', 'queuedEvents')
  each('runnel_ingest_queue_bytes', 'Bytes that wait for the broker', 'queuedBytes')
  each('runnel_ingest_envelopes_in_flight', 'Envelopes without a confirmation yet', 'inFlight')
  each('runnel_ingest_envelopes_published', 'Envelopes that the broker confirmed', 'published')
  each('runnel_ingest_envelopes_republished', 'Repeats of envelopes with unknown outcome', 'republished')
}
