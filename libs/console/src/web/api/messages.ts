import type { Attempt, ListedMessage, Message, MessageWithAttempts } from '@runnel/contracts/api/message'
import type { Page } from '@runnel/contracts/api/page'
import type { Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'

export type { Attempt, ListedMessage, Message, MessageWithAttempts }

export function getMessages(params: Params, signal: AbortSignal): Promise<Answer<Page<ListedMessage>>> {
  return getJson('/api/v1/messages', params, signal)
}

export function getMessage(id: string, signal: AbortSignal): Promise<Answer<MessageWithAttempts>> {
  return getJson(`/api/v1/messages/${encodeURIComponent(id)}`, {}, signal)
}
