import type { Clock } from './clock.ts'
import type { EventKind } from './event-kinds.ts'

/** Why an event was not delivered. */
export interface Refusal {
  /**
   * A code of Runnel (`invalid_field`, `forbidden`, ...), or `http_<status>` where another server answered. Of the sender itself:
   * `not_json`, `body_too_large`, `queue_full` (dropped), `gave_up` and `aborted`; of the latter two the event may have been stored.
   */
  readonly code: string
  readonly message: string
  /** JSON pointer into the event. */
  readonly field?: string | undefined
}

/** An event that a sender took and did not deliver. */
export interface UndeliveredEvent extends Refusal {
  readonly kind: EventKind
  /** undefined for spans, whose own ids name them */
  readonly eventId: string | undefined
  /** The event as JSON; empty where it cannot be written as that. */
  readonly text: string
}

/** Called once for each event that is not delivered; none is lost without. */
export type OnUndelivered = (event: UndeliveredEvent) => void

/** How often it is warned of events that were not delivered. */
const WARN_EVERY_MS = 60_000

/** Warns by the process's own warnings, which go to stderr: at once, and then at most once a minute, with the number. */
export function createWarning(
  clock: Pick<Clock, 'elapsedMs'>,
  warn: (message: string) => void = emitWarning,
): OnUndelivered {
  let count = 0
  let warnedMs = -Infinity
  return ({ kind, code, message, field }) => {
    count++
    if (clock.elapsedMs() - warnedMs < WARN_EVERY_MS) return
    warnedMs = clock.elapsedMs()
    const where = field === undefined ? '' : ` (${field})`
    const of = count === 1 ? `An event of ${kind} was` : `${count} events, the last one of ${kind}, were`
    warn(`${of} not delivered to Runnel: ${code}${where}: ${message}`)
    count = 0
  }
}

function emitWarning(message: string): void {
  process.emitWarning(message, { type: 'RunnelWarning', code: 'RUNNEL_UNDELIVERED' })
}
