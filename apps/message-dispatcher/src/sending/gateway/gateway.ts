import type { GatewayRequest } from '@runnel/contracts'

/**
 * What an attempt brought.
 * `accepted`: HTTP 2xx and `code` 0.
 * `refused`: a definite no that may change: 3xx, 5xx, 408, 429, 401, 403, and 2xx with a `code` that is not 0.
 * `rejected`: a definite no for this message: every other 4xx.
 * `unreached`: no byte of the request went out.
 * `uncertain`: it may have been accepted: the connection broke or fell silent after the request went out, or 2xx came
 * with a body that is no answer.
 */
export type Outcome = 'accepted' | 'refused' | 'rejected' | 'unreached' | 'uncertain'

export const OUTCOMES = [
  'accepted',
  'refused',
  'rejected',
  'unreached',
  'uncertain',
] as const satisfies readonly Outcome[]

export interface SendResult {
  readonly outcome: Outcome
  /** Where there was an answer. */
  readonly httpStatus?: number
  /** The answer's `code`: a safe integer. */
  readonly gatewayCode?: number
  /** For people: short, and without the token. */
  readonly detail?: string
  /** What the gateway asked for, at most MAX_RETRY_AFTER_MS. */
  readonly retryAfterMs?: number
  /** The gateway does not know the token: 401 or 403. */
  readonly unauthorised?: boolean
  /** By the dispatcher's clock, in milliseconds since 1970. */
  readonly startedAtMs: number
  readonly durationMs: number
}

/** Whose message it is, for the log. */
export interface SendContext {
  readonly mailingId: number
  readonly clientId: number
}

/** The way out of the house. */
export interface Gateway {
  /** One attempt, bounded in time. Never rejects: whatever happens is a result. */
  send(request: GatewayRequest, context: SendContext): Promise<SendResult>
  /** Waits for attempts under way, each bounded in time. */
  close(): Promise<void>
}

/** A longer Retry-After is cut to this. */
export const MAX_RETRY_AFTER_MS = 600_000
