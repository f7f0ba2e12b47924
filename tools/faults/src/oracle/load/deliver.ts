import { setTimeout as sleep } from 'node:timers/promises'
import type { Books, Obligation } from '../event-ledger.ts'
import { isKeyed, parseId } from '../delivery-modes.ts'
import type { Outcome } from './judge-answer.ts'

/**
 * How long a client waits before its next attempt: twice as long each time. At a steady pace, thousands that wait for one
 * store would in the end leave this process no time to carry the bytes of its lines.
 */
const PAUSE_MS = 300
const MAX_PAUSE_MS = 5000
/** Without a key a retry may double, and these are counted. */
const UNKEYED_ATTEMPTS = 2
const MAX_COMPLAINTS = 100

/** What the clients of a run share. */
export interface Clients {
  readonly books: Books
  /** Answers that nobody should ever get. */
  readonly complaints: string[]
  /** Deliveries that are not over, whoever began them. */
  readonly underWay: Set<Promise<void>>
  /** Aborted when not even a retry under a key is worth it any more. */
  readonly over: AbortSignal
}

/**
 * Sends events, and again until they are taken: with a key after everything but a 2xx, without one once more.
 *
 * @param send one attempt; resolves with whatever happened
 */
export function deliver(
  clients: Clients,
  events: readonly Obligation[],
  send: (attempt: number) => Promise<Outcome>,
): Promise<void> {
  const delivery = attemptAll(clients, events, send).finally(() => clients.underWay.delete(delivery))
  clients.underWay.add(delivery)
  return delivery
}

async function attemptAll(
  { books, complaints, over }: Clients,
  events: readonly Obligation[],
  send: (attempt: number) => Promise<Outcome>,
): Promise<void> {
  const keyed = isKeyed(parseId(books.run, events[0]!.id)!.way)
  for (let attempt = 0; !over.aborted && (keyed || attempt < UNKEYED_ATTEMPTS); attempt++) {
    books.sent(events)
    const { what, taken, buried, complaint } = await send(attempt)
    const isTaken = (index: number) => taken === 'all' || (taken !== 'none' && taken.includes(index))
    for (const [index, event] of events.entries()) {
      event.buried ||= buried
      books.answered(event, what, isTaken(index))
    }
    if (complaint !== undefined && complaints.length < MAX_COMPLAINTS)
      complaints.push(`${events[0]!.id}: ${complaint}`)
    // What was taken in part may not be sent again without keys; what is buried will not get better.
    if (taken === 'all' || buried || (!keyed && taken !== 'none')) return
    const pauseMs = Math.min(PAUSE_MS * 2 ** attempt, MAX_PAUSE_MS)
    await sleep(pauseMs, undefined, { signal: over }).catch(() => undefined)
  }
}
