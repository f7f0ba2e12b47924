import { counter, gauge, type Metrics } from '@runnel/observability'
import type { IntakeMetrics } from '../intake-metrics.ts'
import type { Submitted } from './create-submit.ts'

/** What one listener counts. */
export interface ListenerCounts {
  connections: number
  /** Bytes in memory that have not been confirmed. */
  waitingBytes: number
  /** Of datagrams alone. */
  waitingEvents: number
  submitted(outcome: Submitted): void
  /** What came and is no event, by the reason: the code of an error, `queue_full` ... */
  dropped(reason: string, count?: number): void
  /** A connection that was not let in, or was closed by this side before its time. */
  refused(reason: string): void
  /** Since the start. */
  readonly droppedTotal: number
}

/** @returns a function that makes the counts of one listener */
export function createListenerMetrics(
  metrics: Metrics,
  intake: Pick<IntakeMetrics, 'format'>,
): (listener: string) => ListenerCounts {
  const all = new Map<string, ListenerCounts>()
  const show = (name: string, help: string, field: 'connections' | 'waitingBytes' | 'waitingEvents') =>
    gauge(metrics, name, help, ['listener'], (made) => {
      for (const [listener, counts] of all) made.set({ listener }, counts[field])
    })
  show('runnel_listener_connections', 'Open connections without HTTP', 'connections')
  show(
    'runnel_listener_waiting_bytes',
    'Bytes that came without HTTP and wait for the broker',
    'waitingBytes',
  )
  show('runnel_listener_waiting_events', 'Events from datagrams that wait for the broker', 'waitingEvents')
  const dropped = counter(
    metrics,
    'runnel_listener_dropped_total',
    'What came without HTTP and did not become an event, by reason',
    ['listener', 'reason'],
  )
  const refused = counter(
    metrics,
    'runnel_listener_refused_total',
    'Connections without HTTP that were not let in, or were cut',
    ['listener', 'reason'],
  )
  return (listener) => {
    const events = intake.format(listener)
    let droppedTotal = 0
    const drop = (reason: string, count = 1): void => {
      if (count === 0) return
      droppedTotal += count
      dropped.inc({ listener, reason }, count)
    }
    const counts: ListenerCounts = {
      connections: 0,
      waitingBytes: 0,
      waitingEvents: 0,
      dropped: drop,
      refused: (reason) => refused.inc({ listener, reason }),
      submitted({ accepted: count, rejected, lost }) {
        events.accepted.add(count)
        events.rejected.add(rejected.length)
        for (const { code } of rejected) drop(code)
        drop('shutting_down', lost)
      },
      get droppedTotal() {
        return droppedTotal
      },
    }
    all.set(listener, counts)
    return counts
  }
}
