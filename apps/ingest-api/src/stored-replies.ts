import { parseWalPosition } from '@runnel/repositories-database'
import { isEventId, isJsonObject, type JsonObject, type JsonValue, type StoredReply } from '@runnel/contracts'

/** The consumer's answer about an event. Without members: the row is committed. */
export interface StoredOutcome {
  /** The reason why it went to the dead letters. */
  readonly deadLettered?: string
  /** It is kept, but its product has a newer state. */
  readonly superseded?: boolean
  /** The event that was stored under its key before; this one was not. */
  readonly duplicateOf?: string
  /** Which product it is about, where it does not say so itself. */
  readonly productId?: number
  /** A place in the log of PostgreSQL behind its commit. */
  readonly position?: string
}

/** What became of events, by id. */
export type StoredOutcomes = ReadonlyMap<string, StoredOutcome>

interface Waiter {
  readonly missing: Set<string>
  readonly outcomes: Map<string, StoredOutcome>
  readonly resolve: (outcomes: StoredOutcomes | undefined) => void
}

/** One request that waits. */
export interface Waiting {
  /** What became of each event, or undefined when not all of them were answered in time. */
  readonly settled: Promise<StoredOutcomes | undefined>
  /** What is known by now. */
  readonly known: StoredOutcomes
  cancel(): void
}

/**
 * Requests with `?wait=stored` that wait for the consumer's answer. Bounded by the events that may be under way, and by
 * time.
 */
export class StoredReplies {
  /** Where the consumer's answers go: a core subject of this process alone. */
  readonly inbox: string
  readonly #waiters = new Map<string, Waiter>()

  constructor(inbox: string) {
    this.inbox = inbox
  }

  /** Begin before publishing: the answer may overtake the broker's confirmation. */
  wait(ids: readonly string[], timeoutMs: number): Waiting {
    const { promise, resolve } = Promise.withResolvers<StoredOutcomes | undefined>()
    const waiter: Waiter = { missing: new Set(ids), outcomes: new Map(), resolve }
    for (const id of ids) this.#waiters.set(id, waiter)
    const cancel = () => {
      clearTimeout(timer)
      for (const id of waiter.missing) this.#waiters.delete(id)
      resolve(undefined)
    }
    const timer = setTimeout(cancel, timeoutMs)
    void promise.then(() => clearTimeout(timer))
    return { settled: promise, known: waiter.outcomes, cancel }
  }

  /** Takes an answer of the consumer. One that no request waits for, or that is malformed, is ignored. */
  receive(payload: Uint8Array): void {
    const reply = parseReply(payload)
    if (!reply) return
    const outcomes = collectOutcomes(reply)
    const { position } = reply
    const at: StoredOutcome = position === undefined ? STORED : { position }
    for (const id of reply.ids) {
      const waiter = this.#waiters.get(id)
      if (!waiter) continue
      this.#waiters.delete(id)
      waiter.missing.delete(id)
      const outcome = outcomes.get(id)
      waiter.outcomes.set(id, outcome ? { ...outcome, ...at } : at)
      if (waiter.missing.size === 0) waiter.resolve(waiter.outcomes)
    }
  }
}

const STORED: StoredOutcome = {}

/** Of the events of which there is more to say than that they are stored. */
function collectOutcomes(reply: StoredReply): ReadonlyMap<string, StoredOutcome> {
  const outcomes = new Map<string, StoredOutcome>()
  const add = (id: string, more: StoredOutcome) => outcomes.set(id, { ...outcomes.get(id), ...more })
  for (const { id, productId } of reply.products ?? []) add(id, { productId })
  for (const id of reply.superseded ?? []) add(id, { superseded: true })
  for (const { id, of } of reply.duplicates ?? []) add(id, { duplicateOf: of })
  for (const { id, reason } of reply.deadLettered) add(id, { deadLettered: reason })
  return outcomes
}

/** Any client of the broker may publish to the inbox; what is malformed is not the consumer's answer. */
function parseReply(payload: Uint8Array): StoredReply | undefined {
  try {
    const reply = JSON.parse(Buffer.from(payload).toString('utf8')) as JsonValue
    return isReply(reply) ? (reply as unknown as StoredReply) : undefined
  } catch {
    return undefined
  }
}

function isReply(reply: JsonValue): boolean {
  if (!isJsonObject(reply)) return false
  const { ids, deadLettered, superseded = [], duplicates = [], products = [], position } = reply
  return (
    (position === undefined || (isText(position) && parseWalPosition(position as string) !== undefined)) &&
    isListOf(ids, isText) &&
    isListOf(superseded, isText) &&
    isListOfObjects(deadLettered, ({ id, reason }) => isText(id) && isText(reason)) &&
    isListOfObjects(duplicates, ({ id, of }) => isText(id) && isEventId(of)) &&
    isListOfObjects(products, ({ id, productId }) => isText(id) && Number.isSafeInteger(productId))
  )
}

function isText(value: JsonValue | undefined): boolean {
  return typeof value === 'string'
}

function isListOf(value: JsonValue | undefined, isRight: (item: JsonValue) => boolean): boolean {
  return Array.isArray(value) && value.every(isRight)
}

function isListOfObjects(value: JsonValue | undefined, isRight: (item: JsonObject) => boolean): boolean {
  return isListOf(value, (item) => isJsonObject(item) && isRight(item))
}
