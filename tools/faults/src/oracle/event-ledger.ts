import type { Kind } from '@runnel/contracts'
import type { Claim } from './load/judge-answer.ts'
import { formatEventId, parseEventId, type DeliveryMode, type EventName } from './delivery-modes.ts'

/** What is known of an event that this run sends. */
export interface SentEvent {
  readonly id: string
  readonly firstSentMs: number
  /** How often it was sent. */
  attempts: number
  /** How often it was acknowledged: by a 2xx, or a confirmation of the broker. */
  acknowledgements: number
  /** How often an answer refused it alone. */
  refusals: number
  /** 422: the answer said that it is among the dead letters. */
  deadLettered: boolean
  /** What answers that waited for the row said of it. */
  readonly claims: Claim[]
  /** The latest answer, and its time. */
  lastAnswer: string
  lastAnswerMs: number
}

/** What an answer says of an event. */
export type Verdict = 'accepted' | 'refused' | 'open'

/** Which events were sent, how often, and what was answered. */
export class EventLedger {
  readonly run: string
  readonly #events = new Map<string, SentEvent>()
  readonly #nextSeq = new Map<string, number>()
  /** By mode: events that were acknowledged though an attempt before had failed. */
  readonly #retried = new Map<DeliveryMode, number>()

  /** @param run part of every id */
  constructor(run: string) {
    this.run = run
  }

  /** Adds an event that is about to be sent. */
  add(mode: DeliveryMode, kind: Kind): SentEvent & { readonly name: EventName } {
    const counter = `${mode}.${kind}`
    const seq = this.#nextSeq.get(counter) ?? 0
    this.#nextSeq.set(counter, seq + 1)
    const name = { mode, kind, seq }
    const id = formatEventId(this.run, name)
    const event = {
      ...{ id, firstSentMs: Date.now(), attempts: 0, acknowledgements: 0, refusals: 0 },
      ...{ deadLettered: false, claims: [], lastAnswer: 'none', lastAnswerMs: 0 },
    }
    this.#events.set(id, event)
    return Object.assign(event, { name })
  }

  recordAttempt(events: readonly SentEvent[]): void {
    for (const event of events) event.attempts++
  }

  recordAnswer(event: SentEvent, answer: string, verdict: Verdict): void {
    event.lastAnswer = answer
    event.lastAnswerMs = Date.now()
    if (verdict === 'refused') event.refusals++
    if (verdict !== 'accepted') return
    if (event.acknowledgements++ > 0 || event.attempts < 2) return
    const { mode } = parseEventId(this.run, event.id)!
    this.#retried.set(mode, (this.#retried.get(mode) ?? 0) + 1)
  }

  get(id: string): SentEvent | undefined {
    return this.#events.get(id)
  }

  all(): IterableIterator<SentEvent> {
    return this.#events.values()
  }

  /** @returns by mode, how many events were acknowledged at a later attempt than the first */
  countRetried(): Readonly<Partial<Record<DeliveryMode, number>>> {
    return Object.fromEntries(this.#retried)
  }
}
