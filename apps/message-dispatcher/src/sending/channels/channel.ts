/**
 * The outcome of an attempt.
 * `accepted`: the channel has taken the message.
 * `refused`: definitely not accepted, which may change.
 * `rejected`: definitely not accepted, because of this message or its address; a repeat would change nothing.
 * `unreached`: no byte of the message was sent.
 * `uncertain`: it may have been accepted: the connection broke or timed out after the message was sent, or the answer cannot
 * be read.
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
 * `message`: of this message, which is repeated a few times.
 * `address`: of the one address that it was sent to, which may be over soon; it says nothing about others.
 * `account`: of the account, the token or the sender's address, unless other messages succeed.
 * `channel`: of what all messages go through, which may be over soon.
 */
export type RefusalScope = 'message' | 'address' | 'account' | 'channel'

export interface SendResult {
  readonly outcome: Outcome
  /** Where it was refused. */
  readonly scope?: RefusalScope
  /** Where there was an answer over HTTP. */
  readonly httpStatus?: number
  /** The answer's own code: a safe integer. Of a mail server, its reply. */
  readonly gatewayCode?: number
  /** A short code for why it was not accepted, where status and code do not say it. */
  readonly reason?: string
  /** Which of many receivers it was, where each address has its own: its trouble says nothing about the others. */
  readonly peer?: string
  /** For people: short, and without secrets. */
  readonly detail?: string
  /** The Retry-After of the answer, at most MAX_RETRY_AFTER_MS. */
  readonly retryAfterMs?: number
  /** By the dispatcher's clock, in milliseconds since 1970. */
  readonly startedAtMs: number
  readonly durationMs: number
}

/** What is sent, and to whom. */
export interface OutgoingMessage {
  /** The same at every attempt, by which a repeat is recognised. */
  readonly id: number
  /** Of the client: E.164 without the plus sign. */
  readonly phone: number
  /** Of the channel, where that is not the phone. */
  readonly address?: string
  /** Rendered, where the channel has one. */
  readonly subject?: string
  /** Rendered. */
  readonly text: string
  /** Where a person opts out of the channel with one click. */
  readonly unsubscribeUrl?: string
}

/** Whose message it is. */
export interface SendContext {
  readonly mailingId: number
  readonly clientId: number
}

/** A way to reach people. */
export interface Channel {
  /** One attempt, bounded in time. Never rejects: whatever happens is a result. */
  send(message: OutgoingMessage, context: SendContext): Promise<SendResult>
  /** Waits for attempts under way, each bounded in time. */
  close(): Promise<void>
}

/** A longer Retry-After is shortened to this. */
export const MAX_RETRY_AFTER_MS = 600_000
