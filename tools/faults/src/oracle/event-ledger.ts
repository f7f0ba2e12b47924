import type { Kind } from '@runnel/contracts'
import { formatId, parseId, type EventName, type Way } from './delivery-modes.ts'

/** What is known of an event that was handed out. */
export interface Obligation {
  readonly id: string
  readonly firstSentMs: number
  /** How often it went out. */
  attempts: number
  /** How often it was taken: each 2xx, or confirmation of the broker. */
  acks: number
  /** 422: the answer said that it is among the dead letters. */
  buried: boolean
  /** What was answered last, and when. */
  lastAnswer: string
  lastAnswerMs: number
}

/** The oracle's books: who was sent where how often, and what was answered. */
export class Books {
  readonly run: string
  readonly #obligations = new Map<string, Obligation>()
  readonly #next = new Map<string, number>()
  /** By way: events that were taken though an attempt before had failed. */
  readonly #retriedAcks = new Map<Way, number>()

  /** @param run stands in every id */
  constructor(run: string) {
    this.run = run
  }

  /** Hands out an id, about to be sent. */
  open(way: Way, kind: Kind): Obligation & { readonly name: EventName } {
    const counter = `${way}.${kind}`
    const seq = this.#next.get(counter) ?? 0
    this.#next.set(counter, seq + 1)
    const name = { way, kind, seq }
    const id = formatId(this.run, name)
    const obligation = {
      ...{ id, firstSentMs: Date.now(), attempts: 0, acks: 0 },
      ...{ buried: false, lastAnswer: 'none', lastAnswerMs: 0 },
    }
    this.#obligations.set(id, obligation)
    return Object.assign(obligation, { name })
  }

  sent(events: readonly Obligation[]): void {
    for (const event of events) event.attempts++
  }

  /** @param taken whether this is an acknowledgement */
  answered(event: Obligation, answer: string, taken: boolean): void {
    event.lastAnswer = answer
    event.lastAnswerMs = Date.now()
    if (!taken) return
    if (event.acks++ > 0 || event.attempts < 2) return
    const { way } = parseId(this.run, event.id)!
    this.#retriedAcks.set(way, (this.#retriedAcks.get(way) ?? 0) + 1)
  }

  get(id: string): Obligation | undefined {
    return this.#obligations.get(id)
  }

  all(): IterableIterator<Obligation> {
    return this.#obligations.values()
  }

  /** Events that were taken at a later attempt than the first. */
  retried(way: Way): number {
    return this.#retriedAcks.get(way) ?? 0
  }
}
