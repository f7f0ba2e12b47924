import type { StoredReply } from '@runnel/contracts'
import type { Message, Notices } from '@runnel/messaging'
import type { DeadLetter } from '@runnel/repositories-events'
import type { ReadMessage } from './incoming-event.ts'

/** Answers the requests that wait for their rows. An answer may get lost: they wait for a bounded time. */
export function sendReplies(
  reads: readonly (readonly [Message, ReadMessage])[],
  letters: readonly DeadLetter[],
  notices: Pick<Notices, 'send'>,
): void {
  const reasons = new Map(letters.map(({ sourceId, reason }) => [sourceId, reason]))
  for (const [, { replyTo, events, poison }] of reads) {
    if (replyTo === undefined) continue
    const ids = [...events, ...poison].map(({ sourceId }) => sourceId)
    const deadLettered = ids.filter((id) => reasons.has(id)).map((id) => ({ id, reason: reasons.get(id)! }))
    const reply: StoredReply = { ids, deadLettered }
    notices.send(replyTo, Buffer.from(JSON.stringify(reply)))
  }
}
