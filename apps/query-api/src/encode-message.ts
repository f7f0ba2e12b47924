import type {
  ListedMessage as ListedMessageJson,
  Message,
  MessageWithAttempts,
} from '@runnel/contracts/api/message'
import type { ListedMessage, StoredMessage, StoredMessageWithAttempts } from '@runnel/repositories-mailings'
import { toTime } from './routes/encode-event.ts'

/** A message of a list as the API answers it, to be written as JSON. */
export function toListedMessageJson({ phone, address, ...message }: ListedMessage): ListedMessageJson {
  return { ...toMessageJson(message), phone: phone === null ? null : String(phone), address }
}

function toMessageJson({ updatedAtMs, ...message }: StoredMessage): Message {
  const { id, mailingId, clientId, testOf, channel, operatorCode, tag, status, attempts, reason } = message
  const members = { id, mailingId, clientId, testOf, channel, operatorCode, tag, status, attempts, reason }
  return { ...members, updatedAt: toTime(updatedAtMs) }
}

/** A message with its last attempts as the API answers it. */
export function encodeMessage(message: StoredMessageWithAttempts): Buffer {
  const lastAttempts = message.lastAttempts.map(({ number, startedAtMs, phone, ...rest }) => ({
    number,
    startedAt: toTime(startedAtMs),
    ...rest,
    phone: phone === null ? null : String(phone),
  }))
  const answer: MessageWithAttempts = { ...toMessageJson(message), lastAttempts }
  return Buffer.from(JSON.stringify(answer))
}
