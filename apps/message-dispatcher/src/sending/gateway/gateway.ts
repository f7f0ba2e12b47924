import type { GatewayRequest } from '@runnel/contracts'

/**
 * The outcome of an attempt.
 * `accepted`: HTTP 2xx and `code` 0, or what GATEWAY_SUCCESS takes for that.
 * `refused`: definitely not accepted, which may change: 2xx with another `code`, 3xx, 5xx, 401 to 405, 406 and the like.
 * `rejected`: definitely not accepted, because of this message: every other 4xx.
 * `unreached`: no byte of the request was sent.
 * `uncertain`: it may have been accepted: the connection broke or timed out after the request was sent, or a 2xx had a
 * body that is not a valid answer.
 */
export type Outcome = 'accepted' | 'refused' | 'rejected' | 'unreached' | 'uncertain'

export const OUTCOMES = [
  'accepted',
  'refused',
  'rejected',
  'unreached',
  'uncertain',
] as const satisfies readonly Outcome[]

/**
 * Whose trouble a refusal is, as far as the answer alone says.
 * `message`: of this message; another `code` in a 2xx.
 * `account`: of the account, the token or the address, unless other messages succeed: 401 to 405, 407, redirects.
 * `gateway`: of the gateway, which may be over soon: 5xx, 408, 421, 423, 425, 429. Also a `code` that is named as transient.
 */
export type RefusalScope = 'message' | 'account' | 'gateway'

export interface SendResult {
  readonly outcome: Outcome
  /** Where it was refused. */
  readonly scope?: RefusalScope
  /** Where there was an answer. */
  readonly httpStatus?: number
  /** The answer's `code`: a safe integer. */
  readonly gatewayCode?: number
  /** For people: short, and without the token. */
  readonly detail?: string
  /** The Retry-After of the gateway, at most MAX_RETRY_AFTER_MS. */
  readonly retryAfterMs?: number
  /** By the dispatcher's clock, in milliseconds since 1970. */
  readonly startedAtMs: number
  readonly durationMs: number
}

/** Whose message it is, for the log. */
export interface SendContext {
  readonly mailingId: number
  readonly clientId: number
}

/** Sends messages to people through an external HTTP service. */
export interface Gateway {
  /** One attempt, bounded in time. Never rejects: whatever happens is a result. */
  send(request: GatewayRequest, context: SendContext): Promise<SendResult>
  /** Waits for attempts under way, each bounded in time. */
  close(): Promise<void>
}

/** A longer Retry-After is shortened to this. */
export const MAX_RETRY_AFTER_MS = 600_000
