import { AppError, type ErrorCode } from '@runnel/contracts'
import { STATUS_CODES } from 'node:http'
import { Type } from 'typebox'

/** An RFC 9457 problem with Runnel's stable `code`. */
export interface Problem {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly code: ErrorCode
  readonly detail: string
  readonly field?: string
  readonly expected?: string
  readonly [extra: string]: unknown
}

/** The body of every error, for the documentation of routes. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({
      description:
        'Stable name of the problem. Of those that pass (408, 429 and 503, the latter two with Retry-After): ' +
        '`too_many_requests_of_peer`: the address of this client has its part of a pool in use already; `too_busy`: all of it ' +
        'is in use; `database_unavailable`, `broker_unavailable`, `upstream_unavailable`: a server does not answer; ' +
        '`backlog_full`: events wait until the consumers have caught up; `storage_full`: a disk is full, and takes new data once ' +
        'there is room; `body_too_slow` (408): the body did not come in time',
    }),
    detail: Type.String(),
    field: Type.Optional(Type.String({ description: 'JSON pointer, parameter or header' })),
    expected: Type.Optional(Type.String()),
  },
  { description: 'RFC 9457 problem', additionalProperties: true },
)

/** The one place that maps an error code to an HTTP status. */
const STATUS: Record<ErrorCode, number> = {
  bad_json: 400,
  bad_encoding: 400,
  bad_request: 400,
  invalid_field: 400,
  missing_field: 400,
  invalid_cursor: 400,
  invalid_query: 400,
  nul_character: 400,
  lone_surrogate: 400,
  number_out_of_range: 400,
  too_deep: 400,
  text_too_long: 400,
  empty_batch: 400,
  too_many_items: 413,
  nothing_accepted: 400,
  unauthenticated: 401,
  key_mistyped: 401,
  key_expired: 401,
  key_revoked: 401,
  session_ended: 401,
  sign_in_failed: 400,
  insecure_origin: 400,
  forbidden: 403,
  network_not_allowed: 403,
  too_many_failures: 429,
  quota_exceeded: 429,
  test_key: 403,
  access_unavailable: 503,
  cross_site: 403,
  host_not_allowed: 421,
  not_found: 404,
  conflict: 409,
  channel_not_configured: 409,
  method_not_allowed: 405,
  body_too_large: 413,
  body_too_slow: 408,
  unsupported_media_type: 415,
  unsupported_encoding: 415,
  dead_lettered: 422,
  idempotency_key_reused: 422,
  too_busy: 429,
  too_many_requests_of_peer: 429,
  backlog_full: 503,
  storage_full: 503,
  broker_unavailable: 503,
  partly_accepted: 503,
  database_unavailable: 503,
  query_too_slow: 503,
  upstream_unavailable: 503,
  shutting_down: 503,
  internal: 500,
}

/** @returns the HTTP status that an error code answers with */
export function statusOf(code: ErrorCode): number {
  return STATUS[code]
}

export function toProblem(error: AppError): Problem {
  const status = statusOf(error.code)
  const { field, expected, extra } = error.details
  return {
    type: 'about:blank',
    title: titleOf(status),
    status,
    code: error.code,
    detail: error.message,
    ...(field !== undefined && { field }),
    ...(expected !== undefined && { expected }),
    ...extra,
  }
}

/** By their names of today (RFC 9110), where Node has older ones. */
const NEWER_TITLES: Readonly<Record<number, string>> = {
  413: 'Content Too Large',
  422: 'Unprocessable Content',
}

/** @returns the name of an HTTP status */
export function titleOf(status: number): string {
  return NEWER_TITLES[status] ?? STATUS_CODES[status] ?? 'Error'
}

/** Seconds for a Retry-After header: transient problems always say when to come back. */
export function retryAfterSeconds(error: AppError): number | undefined {
  const status = statusOf(error.code)
  if (status !== 503 && status !== 429) return undefined
  return Math.max(1, Math.ceil((error.details.retryAfterMs ?? 1000) / 1000))
}
