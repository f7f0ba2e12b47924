import type { Kind } from '@runnel/contracts'
import { gauge, tallies, type Metrics, type Tally } from '@runnel/observability'
import type { Lane } from './connect-intake.ts'

/** What the intake counts. The counters die with the process and indicate; `verify` proves. */
export interface IntakeMetrics {
  /** @param kinds of all `count` events, or of each */
  accepted(kinds: Kind | readonly Kind[], count: number): void
  rejected(kinds: Kind | readonly Kind[], count: number): void
  /** @param name of a wire format or a listener: one of a fixed set */
  format(name: string): FormatTallies
}

/** What came in one format. */
export interface FormatTallies {
  /** Events. */
  readonly accepted: Tally
  readonly rejected: Tally
  /** Requests whose events are safe, and those that were answered with an error. */
  readonly answered: Tally
  readonly failed: Tally
}

export function createIntakeMetrics(metrics: Metrics, lanes: readonly Lane[]): IntakeMetrics {
  const start = tallies(metrics, 'runnel_ingest_events_total', 'Events by what became of them at admission', [
    'kind',
    'outcome',
  ])
  const accepted = tallyByKind(lanes, (kind) => start({ kind, outcome: 'accepted' }))
  const rejected = tallyByKind(lanes, (kind) => start({ kind, outcome: 'rejected' }))
  describeQueues(metrics, lanes)
  const formats = new Map<string, FormatTallies>()
  const startFormat = tallyFormats(metrics)
  return {
    accepted: (kinds, count) => add(accepted, kinds, count),
    rejected: (kinds, count) => add(rejected, kinds, count),
    format: (name) => {
      const known = formats.get(name)
      if (known !== undefined) return known
      const started = startFormat(name)
      formats.set(name, started)
      return started
    },
  }
}

function tallyFormats(metrics: Metrics): (format: string) => FormatTallies {
  const labels: ['format', 'outcome'] = ['format', 'outcome']
  const events = tallies(
    metrics,
    'runnel_ingest_format_events_total',
    'Events by wire format and what became of them at admission',
    labels,
  )
  const requests = tallies(
    metrics,
    'runnel_ingest_format_requests_total',
    'Requests by wire format and how they were answered',
    labels,
  )
  return (format) => ({
    accepted: events({ format, outcome: 'accepted' }),
    rejected: events({ format, outcome: 'rejected' }),
    answered: requests({ format, outcome: 'answered' }),
    failed: requests({ format, outcome: 'failed' }),
  })
}

function add(tally: Record<Kind, Tally>, kinds: Kind | readonly Kind[], count: number): void {
  if (typeof kinds === 'string') tally[kinds].add(count)
  else for (const kind of kinds) tally[kind].add(1)
}

function tallyByKind(lanes: readonly Lane[], start: (kind: Kind) => Tally): Record<Kind, Tally> {
  return Object.fromEntries(lanes.map(({ kind }) => [kind, start(kind)])) as Record<Kind, Tally>
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
