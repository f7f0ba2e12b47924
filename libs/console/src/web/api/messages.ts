import type { Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'
import type { MessageStatus, Page } from './mailings.ts'

/** One message to one client. */
export interface Message {
  readonly id: number
  readonly mailingId: number
  readonly clientId: number
  readonly operatorCode: string
  readonly tag: string
  readonly status: MessageStatus
  readonly attempts: number
  readonly reason: string | null
  readonly updatedAt: string
}

export interface Attempt {
  readonly number: number
  readonly startedAt: string
  readonly durationMs: number
  readonly outcome: string
  readonly httpStatus: number | null
  readonly gatewayCode: number | null
  readonly detail: string | null
}

export interface MessageWithAttempts extends Message {
  /** The newest first, and no more than a hundred. */
  readonly lastAttempts: readonly Attempt[]
}

export function getMessages(params: Params, signal: AbortSignal): Promise<Answer<Page<Message>>> {
  return getJson('/api/v1/messages', params, signal)
}

export function getMessage(id: string, signal: AbortSignal): Promise<Answer<MessageWithAttempts>> {
  return getJson(`/api/v1/messages/${encodeURIComponent(id)}`, {}, signal)
}
