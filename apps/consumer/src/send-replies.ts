import type { StoredReply } from '@runnel/contracts'
import type { Message, Notices } from '@runnel/messaging'
import type { DeadLetter, StoreResult } from '@runnel/repositories-events'
import type { IncomingEvent, ReadMessage } from './incoming-event.ts'

interface ReplyOptions {
  readonly notices: Pick<Notices, 'send'>
  /** Of the log of PostgreSQL, behind all that is answered. */
  readonly position: string | undefined
}

/**
 * Answers the requests that wait for their rows. An answer may get lost: they wait for a bounded time.
 *
 * @param asked the messages that name an inbox
 */
export function sendReplies(
  asked: readonly (readonly [Message, ReadMessage])[],
  letters: readonly DeadLetter[],
  results: readonly StoreResult[],
  { notices, position }: ReplyOptions,
): void {
  const outcomes = collectOutcomes(letters, results)
  for (const [, read] of asked) {
    const reply: StoredReply = {
      ...describeOutcomes(read, outcomes),
      ...(position !== undefined && { position }),
    }
    notices.send(read.replyTo!, Buffer.from(JSON.stringify(reply)))
  }
}

interface Outcomes {
  /** By source id; all others are by the id of the row. */
  readonly reasons: ReadonlyMap<string, string>
  readonly superseded: ReadonlySet<string>
  readonly duplicates: ReadonlyMap<string, string>
  readonly products: ReadonlyMap<string, number>
}

function collectOutcomes(letters: readonly DeadLetter[], results: readonly StoreResult[]): Outcomes {
  return {
    reasons: new Map(letters.map(({ sourceId, reason }) => [sourceId, reason])),
    superseded: new Set(results.flatMap(({ superseded = [] }) => superseded)),
    duplicates: new Map(results.flatMap(({ duplicates }) => duplicates.map(({ id, of }) => [id, of]))),
    products: new Map(results.flatMap(({ generatedIds = [] }) => [...generatedIds])),
  }
}

/** Members without an entry are left out: most events are simply stored. */
function describeOutcomes(
  { events, poison }: ReadMessage,
  { reasons, superseded, duplicates, products }: Outcomes,
): StoredReply {
  const ids = [...events, ...poison].map(({ sourceId }) => sourceId)
  const pick = <T>(describe: (event: IncomingEvent) => T | undefined): T[] =>
    events.flatMap((event) => describe(event) ?? [])
  const found = {
    superseded:
      superseded.size === 0 ? [] : pick(({ id, sourceId }) => (superseded.has(id) ? sourceId : undefined)),
    duplicates:
      duplicates.size === 0
        ? []
        : pick(({ id, sourceId }) =>
            duplicates.has(id) ? { id: sourceId, of: duplicates.get(id)! } : undefined,
          ),
    products:
      products.size === 0
        ? []
        : pick(({ id, sourceId }) =>
            products.has(id) ? { id: sourceId, productId: products.get(id)! } : undefined,
          ),
  }
  return {
    ids,
    deadLettered: ids.flatMap((id) => (reasons.has(id) ? { id, reason: reasons.get(id)! } : [])),
    ...Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0)),
  }
}
