import type { DeadLetter } from '@runnel/contracts/api/dead-letter'
import type { StoredDeadLetter } from '@runnel/repositories-events'
import { isUtf8 } from 'node:buffer'

export function presentDeadLetter(letter: StoredDeadLetter): DeadLetter {
  const { payload } = letter
  const readable = isUtf8(payload)
  return {
    id: letter.id,
    eventId: letter.sourceId,
    kind: letter.kind,
    subject: letter.subject,
    reason: letter.reason,
    code: letter.code,
    operation: letter.operation,
    key: letter.key,
    form: letter.form,
    payload: payload.toString(readable ? 'utf8' : 'base64'),
    payloadEncoding: readable ? 'utf8' : 'base64',
    payloadBytes: letter.payloadBytes,
    receivedAt: letter.receivedAt?.toISOString() ?? null,
    firstFailedAt: letter.firstFailedAt.toISOString(),
    lastFailedAt: letter.lastFailedAt.toISOString(),
    attempts: letter.attempts,
    replayedAt: letter.replayedAt?.toISOString() ?? null,
  }
}
