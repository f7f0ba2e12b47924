import { pause } from '@runnel/runtime'
import type { EventLedger, SentEvent } from '../event-ledger.ts'
import { isKeyed, parseEventId } from '../delivery-modes.ts'
import type { Outcome } from './judge-answer.ts'

/**
 * How long a client waits before its next attempt: twice as long each time. At a steady pace, thousands that wait for one
 * store would in the end leave this process no time to carry the bytes of its lines.
 */
const PAUSE_MS = 300
const MAX_PAUSE_MS = 10_000
/** Without a key a retry may double, and these are counted. */
const UNKEYED_ATTEMPTS = 2
const MAX_WRONG_ANSWERS = 100

/** What the clients of a run share. */
export interface Clients {
  readonly ledger: EventLedger
  /** Answers that no client should ever get. */
  readonly wrongAnswers: string[]
  /** Deliveries that have not ended. */
  readonly underWay: Set<Promise<void>>
  /** Aborted when even retries under a key end. */
  readonly ended: AbortSignal
}

/**
 * Sends events, and again until they are accepted: with a key after any answer but a 2xx, without one only once more.
 *
 * @param send one attempt; resolves with whatever happened
 */
export function deliver(
  clients: Clients,
  events: readonly SentEvent[],
  send: (attempt: number) => Promise<Outcome>,
): Promise<void> {
  const delivery = attemptAll(clients, events, send).finally(() => clients.underWay.delete(delivery))
  clients.underWay.add(delivery)
  return delivery
}

async function attemptAll(
  { ledger, wrongAnswers, ended }: Clients,
  events: readonly SentEvent[],
  send: (attempt: number) => Promise<Outcome>,
): Promise<void> {
  const keyed = isKeyed(parseEventId(ledger.run, events[0]!.id)!.mode)
  for (let attempt = 0; !ended.aborted && (keyed || attempt < UNKEYED_ATTEMPTS); attempt++) {
    ledger.recordAttempt(events)
    const { what, accepted, deadLettered, claim, wrongAnswer } = await send(attempt)
    if (claim !== undefined && events.length === 1) events[0]!.claims.push(claim)
    const isAccepted = (index: number) =>
      accepted === 'all' || (accepted !== 'none' && accepted.includes(index))
    for (const [index, event] of events.entries()) {
      event.deadLettered ||= deadLettered
      ledger.recordAnswer(event, what, isAccepted(index))
    }
    if (wrongAnswer !== undefined && wrongAnswers.length < MAX_WRONG_ANSWERS)
      wrongAnswers.push(`${events[0]!.id}: ${wrongAnswer}`)
    // What was accepted in part may not be sent again without keys; what is dead-lettered will not get better.
    if (accepted === 'all' || deadLettered || (!keyed && accepted !== 'none')) return
    const pauseMs = Math.min(PAUSE_MS * 2 ** attempt, MAX_PAUSE_MS)
    await pause(pauseMs, ended)
  }
}
