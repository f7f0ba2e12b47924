import type { StoredReply } from '@runnel/contracts'

/** The consumer's answer about an event: stored, or the reason why it went to the dead letters. */
type StoredOutcome = { readonly deadLettered: string | undefined }

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
    const reasons = new Map(reply.deadLettered.map(({ id, reason }) => [id, reason]))
    for (const id of reply.ids) {
      const waiter = this.#waiters.get(id)
      if (!waiter) continue
      this.#waiters.delete(id)
      waiter.missing.delete(id)
      waiter.outcomes.set(id, { deadLettered: reasons.get(id) })
      if (waiter.missing.size === 0) waiter.resolve(waiter.outcomes)
    }
  }
}

function parseReply(payload: Uint8Array): StoredReply | undefined {
  try {
    const reply = JSON.parse(Buffer.from(payload).toString('utf8')) as StoredReply
    const isReply = Array.isArray(reply?.ids) && Array.isArray(reply.deadLettered)
    return isReply && reply.deadLettered.every((letter) => letter !== null) ? reply : undefined
  } catch {
    // Any client of the broker may publish to the inbox; only the consumer's answers count.
    return undefined
  }
}
