import { pause } from '@runnel/runtime'
import type { EventLedger, SentEvent, Verdict } from '../event-ledger.ts'
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
 * One attempt; resolves with whatever happened.
 *
 * @param events those that the client sends: all, or what earlier answers left open
 */
export type Send<E extends SentEvent> = (attempt: number, events: readonly E[]) => Promise<Outcome>

/** @returns which of the events the client sends again upon an answer */
export type RepeatRule<E extends SentEvent> = (
  events: readonly E[],
  outcome: Outcome,
  attempt: number,
) => readonly E[]

/** Sends events, and again as the rule has it. */
export function deliver<E extends SentEvent>(
  clients: Clients,
  events: readonly E[],
  send: Send<E>,
  rule: RepeatRule<E> = repeatOwn(clients.ledger, events),
): Promise<void> {
  const delivery = attemptAll(clients, events, send, rule).finally(() => clients.underWay.delete(delivery))
  clients.underWay.add(delivery)
  return delivery
}

async function attemptAll<E extends SentEvent>(
  clients: Clients,
  events: readonly E[],
  send: Send<E>,
  rule: RepeatRule<E>,
): Promise<void> {
  const { ledger, ended } = clients
  for (let attempt = 0, open = events; !ended.aborted && open.length > 0; attempt++) {
    ledger.recordAttempt(open)
    const outcome = await send(attempt, open)
    record(clients, open, outcome)
    open = rule(open, outcome, attempt)
    if (open.length === 0) return
    const pauseMs = Math.min(PAUSE_MS * 2 ** attempt, MAX_PAUSE_MS)
    await pause(Math.max(pauseMs, outcome.retryAfterMs ?? 0), ended)
  }
}

function record({ ledger, wrongAnswers }: Clients, events: readonly SentEvent[], outcome: Outcome): void {
  const { what, deadLettered, claim, wrongAnswer } = outcome
  if (claim !== undefined && events.length === 1) events[0]!.claims.push(claim)
  for (const [position, event] of events.entries()) {
    event.deadLettered ||= deadLettered
    ledger.recordAnswer(event, what, verdictAt(outcome, position))
  }
  if (wrongAnswer !== undefined && wrongAnswers.length < MAX_WRONG_ANSWERS)
    wrongAnswers.push(`${events[0]!.id}: ${wrongAnswer}`)
}

function verdictAt({ accepted, refused = [] }: Outcome, position: number): Verdict {
  if (refused.includes(position)) return 'refused'
  if (accepted === 'all' || (accepted !== 'none' && accepted.includes(position))) return 'accepted'
  return 'open'
}

/** For Runnel's own routes: with a key after any answer but a 2xx, without one only once more. */
function repeatOwn<E extends SentEvent>({ run }: EventLedger, [first]: readonly E[]): RepeatRule<E> {
  const keyed = isKeyed(parseEventId(run, first!.id)!.mode)
  return (events, { accepted, deadLettered }, attempt) => {
    // What was accepted in part may not be sent again without keys; what is dead-lettered will not get better.
    const isOver = accepted === 'all' || deadLettered || (!keyed && accepted !== 'none')
    return isOver || (!keyed && attempt + 1 >= UNKEYED_ATTEMPTS) ? [] : events
  }
}

/**
 * For clients of standard protocols, until each event is accepted, refused or dropped.
 *
 * @param sendsOpenAlone only what is open is sent again; else the same bytes are
 */
export function repeatOpen<E extends SentEvent>(sendsOpenAlone: boolean): RepeatRule<E> {
  return (events, outcome) => {
    if (outcome.isDropped) return []
    const open = events.filter((_, position) => verdictAt(outcome, position) === 'open')
    return open.length === 0 || sendsOpenAlone ? open : events
  }
}
