/**
 * Every code a caller may meet. They are part of the public interface: add, never rename.
 * libs/http maps each of them to an HTTP status; nothing in here knows of HTTP.
 */
export type ErrorCode =
  | 'bad_json'
  | 'bad_encoding'
  | 'bad_request'
  | 'invalid_field'
  | 'missing_field'
  | 'invalid_cursor'
  | 'invalid_query'
  | 'nul_character'
  | 'lone_surrogate'
  | 'number_out_of_range'
  | 'too_deep'
  | 'text_too_long'
  | 'empty_batch'
  | 'too_many_items'
  | 'nothing_accepted'
  | 'unauthenticated'
  | 'key_mistyped'
  | 'key_expired'
  | 'key_revoked'
  | 'session_ended'
  | 'sign_in_failed'
  | 'insecure_origin'
  | 'forbidden'
  | 'network_not_allowed'
  | 'too_many_failures'
  | 'quota_exceeded'
  | 'test_key'
  | 'access_unavailable'
  | 'cross_site'
  | 'host_not_allowed'
  | 'not_found'
  | 'conflict'
  | 'channel_not_configured'
  | 'method_not_allowed'
  | 'body_too_large'
  | 'body_too_slow'
  | 'unsupported_media_type'
  | 'unsupported_encoding'
  | 'dead_lettered'
  | 'idempotency_key_reused'
  | 'too_busy'
  | 'too_many_requests_of_peer'
  | 'backlog_full'
  | 'storage_full'
  | 'broker_unavailable'
  | 'partly_accepted'
  | 'database_unavailable'
  | 'query_too_slow'
  | 'upstream_unavailable'
  | 'shutting_down'
  | 'internal'

/** Also what the reason of a dead letter begins with whose key names another event. */
export const KEY_REUSED = 'idempotency_key_reused'

/** What a caller can do something with; every member is optional and is shown to the caller as it is. */
export interface ErrorDetails {
  /** JSON pointer into the body, or the name of the parameter or header. */
  readonly field?: string
  /** What would have been right, in words. */
  readonly expected?: string
  /** How long a caller should wait before it tries again. */
  readonly retryAfterMs?: number
  /** Members that only this kind of problem has, e.g. the accepted indices of a batch. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** A failure with a name. `message` is written for the caller; `cause` is for the log alone. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'AppError'
    this.code = code
    this.details = details
  }
}
